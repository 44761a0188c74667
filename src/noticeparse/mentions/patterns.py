"""Patterns of clauses in which somebody takes or gives data: who, modal words, adverbials, conditions, refusals.

Only function words and the pronouns of notices stand here; verbs and nouns of data come from the lexicon. A clause is
looked at backwards from its verb: ``我们|会|在您授权后|收集``.

What a pattern repeats is possessive, or has a bound that no sentence reaches, so that none costs more than its text is
long: 40 modal words before a verb, 99 blanks between two words.
"""

from __future__ import annotations

from noticeparse.pattern import Pattern

# What may follow an adverbial: the rest of the clause, up to the verb.
_GOES_ON = r"会|将|可能|需|收集|采集|获取|提供|填写|访问|记录|使用|共享|对外|公开|披露|保存|保留|仅|只|才|主动|至|为|向|也|对|分|转|读|通|提交"
ADVERBIAL_REGEX = Pattern(
    # 为了提供服务而
    r"为了?[^,。;]{1,40}?而"
    # 在您授权后, 在…所需的期限内
    r"|(?:在|当|于|自|经|待)[^,。;]{1,40}?(?:时候|时|后|中|之前|前|情况下|前提下|范围内|期限内|期间内?|时间内|过程中|情形下|期间|下|上|里)"
    rf"(?:,|$|(?={_GOES_ON}))"
    # 根据您的选择, 出于安全目的
    rf"|(?:根据|按照|依据|依照|基于|出于|为了?|因|就|针对|除)[^,。;]{{1,40}}?(?:,|$|(?={_GOES_ON}))"
    # 通过SDK
    rf"|(?:通过|借助|经由|以|采用|利用)[^,。;]{{1,30}}?(?:$|(?={_GOES_ON}|自动|来|完善))"
    # 向第三方; 同意 and 对外 begin like prepositions
    r"|(?:向|与|和|同(?!意|时|步)|对(?!外)|给|从|由)(?!您|你的?)[^,。;]{1,60}$"
)
MODAL_REGEX = Pattern(
    # Each word once: where 可能 were one as well as 可 and 能, a run of n of them would be read in 2ⁿ ways.
    r"(?:会|将|需要?|须|必须|可|能够?|应当?|应该|也|还|均|都|自动|直接|主动补充|主动|仅|只|单独|自行|要求|请求|申请|进一步|有权|依法|分别"
    r"|同时|并|且|后|主要|则|才|即|以|已|一并|一直|一起|共同|根据自身需求|额外|选择|至少|授权|同意|允许|不得|不|严格|持续|实时|默认|进行|对外|事先"
    r"|重新|如实|及时|准确|真实|例如|必要时|必要|尽量|的情况下|予以|再次|一般|通常|有时|来|去|尝试|所|用于|用来|或|,|/|\s){0,40}$"
)
_TAKER = (
    r"我们|我[行司方]|我公司|本(?:公司|平台|应用|产品|行|软件|游戏|集团|客户端|网站|服务|APP|App)"
    r"|[^,。;、]{0,14}(?:SDK|公司|平台|机构|伙伴|合作方|关联方|服务商|供应商|提供商|客服|系统|集团|游戏|功能|技术|商|方)"
    r"|他们|它们|其|App|APP|app"
)
_USER = r"您|你|用户|会员|客户|消费者|申请人|使用者|监护人"
AGENT_REGEX = Pattern(rf"(?:(?P<user>{_USER})|(?P<taker>{_TAKER}))(?:等|本人|方)?$")
# 认证机构需要您|提供
ASKED_REGEX = Pattern(r"(?:需要?|请|要求|由|让)(?:您|你|用户)(?:主动|自行|如实|另行|额外)?$")
WE_REGEX = Pattern(r"我们|我[行司方]|SDK|他们")
USER_REGEX = Pattern(r"(?:您|你|用户)(?!的)")
# 如果您拒绝提供…, 当我们收集…时, 除非我们收集…: nothing is told, only supposed
CONDITION_REGEX = Pattern(
    r"\s*(?:但|而|且|同时|此外|另外|例如|请您?注意|,)*(?:如果?(?!下|上|需向)|若|倘若|一旦|除非|除(?!了)|即使|即便|无论|当|对于|不论|只有在?|未经|非经)"
)
REFUSED_REGEX = Pattern(
    r"(?:拒绝|停止|避免|无法|不能|无需|不必|无须|禁止|撤回|撤销|不同意|不允许|不想|不愿|不再|强烈建议|如何|怎样|怎么|为何|无权|没有|未能|免于|防止|不受|不影响|不要"
    r"|不涉及|不需要|不采集|不收集|不获取)[^,。;]{0,10}$"
)
# 用于保存您的…, 为了收集您的…: what something else is for
PURPOSE_REGEX = Pattern(r"\s*(?:为|用于|以|便于|用来|从而|进而|方便|帮助)")
TO_USER_REGEX = Pattern(r"(?:向|为|给|对)(?:您|你|用户)(?!的)")
NOUN_BEHIND_REGEX = Pattern(
    r"\s{0,99}(?:的)?(?:目的|方式|范围|规则|权限|功能|服务|情况|过程|行为|活动|渠道|途径|措施|政策|条款|义务|要求|权利|频率|期限|协议|前|后|时|与否)"
)
# 收集您的个人信息的目的, …之前, …的第三方: the whole is a noun of something else
NOUN_OF_REGEX = Pattern(
    r"\s{0,99}+[^,。;、]{0,8}?(?:的(?:目的|方式|范围|规则|情形|行为|功能|服务|过程|权利|义务|第三方|公司|说明|原则|条件|类型|种类|权限|技术|场景|主体|约束|内容|要求|收集)"
    r"|之?[前后]|时(?!间|长|区|候)|以外|除外|是为|属于|,?(?:须|应)受|的,)"
)
NOUN_OF_DATA_REGEX = Pattern(r"[^、,;:()]{2,16}的(?:目的|情形|方式|范围|行为|第三方|规则|义务|权利)")
ALLOWED_REGEX = Pattern(r"[^,。;]{0,16}(?:无需|不需要?|不必|无须)(?:事先|另行)?(?:征得|取得|经)")
OWNED_REGEX = Pattern(r"(?:所收集的)?(?:关于)?(?:您|你|用户|本人)(?!使用)")

_FRONTED = r"[^。;!?将把]"
FRONTED_REGEX = Pattern(
    r"(?:将|把)(?!会|在|向|与|对|根据|按|严格|不|仅|通过|以(?!下|上)|为|要|来|持续|继续|尽|可能|被|采取|进行|征|依)"
    rf"(?P<d>{_FRONTED}{{2,300}}?)"
    r"(?:(?:与|向|和|同|对)(?![^,。;]{0,12}(?:信息|数据|资料)$)[^。;]{1,80})?(?:进行|公开|对外|予以)?$"
)
# 将您的认证信息,包括姓名、身份证号,提供给…
FRONTED_FAR_REGEX = Pattern(rf"(?:将|把)(?P<d>(?:您|你|用户)的{_FRONTED}{{2,200}}),(?:并)?$")
NOT_FRONTED_REGEX = Pattern(r"授权|允许|.*(?:我们|将|会|收集|获取)|.*的$")

_INCLUDE = r"(?:包括|包含|例如|比如)(?:但不限于|不限于)?"
# 收集的信息包括…, 提供以下信息:…
HEADING_REGEX = Pattern(
    r"的?(?:您|你|用户|的|以下|如下|相关|下列|个人|敏感|必要|某些|部分|一些|全部|或|这些|该等){0,40}(?:信息|数据|资料)(?:类型|种类|字段|内容|范围)?,?"
    rf"(?:主要|可能|具体)?(?:{_INCLUDE}|有|为|是|如下|如)(?:但不限于|以下|如下)?:?"
)
# 这些信息包括…
POINTING_HEADING_REGEX = Pattern(
    r"(?:这些|该等|上述|此类|前述|如下)[^,。;、:()]{0,8}(?:信息|数据|资料)\"?(?:主要|具体|可能)*(?:包括|包含)(?:但不限于)?:?"
)
# 例如您的…, at the start of a sentence
EXAMPLE_REGEX = Pattern(r"(?:例如|如|比如)[,:]?您(?:使用)?(?:的)?(?!在|可以|会|可|将|需|如|参|注|主)")
# (1)行为日志:点击、浏览
HEADED_REGEX = Pattern(r"(?:\(?\d{1,2}[).、]?\s{0,99}+)?(?P<d>(?:您(?:使用|提供|主动提供)?的)?[^,。;:、]{2,10}:)")
NOT_HEADED_REGEX = Pattern(r"包括|敏感|SDK|如下")  # in the list
# ,以保障安全,包括…; ,具体为:…
MORE_REGEX = Pattern(
    r"(?:,?(?:以|用于|作为|用来|并)[^,。;()]{2,40})?,(?:主要|具体|其中|可能|同时|也|还)*(?:包括|例如|如(?=[^果有您需不缺未在])|包含|以及(?!时))(?:但不限于)?[:,]?"
    r"|,(?:具体|主要|分别)(?:为|有|是|如下):?"
)
