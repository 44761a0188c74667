"""Patterns of clauses in which data flow: modal words, negation, prepositions, where names and data end.

Only function words stand here; verbs and nouns come from the lexicon. What a pattern repeats is possessive, or has a bound
that no sentence reaches, so that none costs more than its text is long.
"""

from __future__ import annotations

import re

from noticeparse.pattern import Pattern

MODAL_REGEX = Pattern(
    r"(?:可能|会|将|需要?|可以?|能够?|必须|应当?|也|还|均|都|自动|直接|主动|仅|只|单独|自行|要求|申请|请求|实时|同步|进一步|有权|依法|分别"
    r"|同时|并且?|后|主要|后台|则|才|即|所|以|已|一并|持续|共同|用于|通过|不可避免地?|基于[^,。;]{1,14}|(?:通过|借助)[^,。;]{1,24}|向[^,。;]{1,14}|从[^,。;]{1,12}"
    r"|(?<!华)为(?:您|用户|我们|本|其|客户|实现|提供|完成|保障|了)[^,。;]{1,24}|根据[^,。;]{1,12}|按照[^,。;]{1,20}|在[^,。;]{1,30}?(?:时|中|后|过程中|情况下|期间|环节内?)|[\s\"])$"
)
NEGATED_REGEX = Pattern(
    r"(?:不(?!断|同|仅|限|时|可避免)|未(?!来|成)|无需|无须|无权|无法|禁止|停止|拒绝|(?<!可)避免|没有|并非|严禁|勿)(?:会|得|再|能|需要?|可|曾|经|想|希望|愿意?|允许|授权|同意)*[^,。;]{0,14}$"
)
NEVER_REGEX = Pattern(r"不会|不得|不再|不向|不将|不把|不对外|不与|绝不|从不|禁止|严禁|从未|并未|未曾")
NOMINAL_REGEX = Pattern(
    r"(?:所需|必需|必要)?(?:的)?(?P<noun>(?:[^,。;:()包为]|(?<!行)为(?!:)){0,30}?)(?:(?:主要|可能|具体)?(?:包括|包含|有|为(?=:|您|用户)|如下|是指)(?:但不限于|以下|如下|下列)?\s*(?P<colon>:)?|(?P<bare>:))"
)
GIVEN_WHAT_REGEX = Pattern(
    r"的(?:个人|用户|相关)?(?:信息|数据|资料|内容)(?:类型|种类|字段|内容|范围)?(?:主要|可能|具体)?(?:包括|包含|有|为|是|如下)?(?:但不限于)?\s*:?"
)
CATCH_REGEX = Pattern(
    r"(?:您|用户|的|手机|设备|系统|个人|相关|必要|部分|上述|如下|以下|信息|数据|权限|资料|内容|字段|类型|类别|种类|范围|[/和及、或与\s])*"
)
TO_REGEX = Pattern(
    r"\s{0,99}(?:给|至|到|于|予(?!以)|与)(?!(?:您|用户)(?![^,。;、]{1,12}的)|我们(?![^,。;、]{0,6}的))\s{0,99}"
)
GIVEN_TO_REGEX = Pattern(r"\s{0,99}+(?P<data>[^,。;]{2,160}?)(?:给|至|到(?!账))\s{0,9}(?!您|用户|我们(?!的)|服务)")
RECIPIENT_END_REGEX = Pattern(
    r"[,。;:!?\n]|用于|用以|用来|以(?!及|色)|从而|来(?=[实完帮提为])|由其|进行|处理|的(?:个人)?(?:信息|数据|资料)|(?:的)?(?:后台)?服务器|时(?=,|$)|作为|(?:并|后)(?=[由用存])|做|就"
)
# Where a preposition may begin: 同意, 参与, 对外, 一致方向 hold none.
PREPOSITION_REGEX = Pattern(
    r"(?=[向给对与和同跟或])(?:(?<![面方倾趋走定])向(?!导)|给(?!予)|(?<![面针反应核相比])对(?!外|应|于|象|比)|(?<![参给授])与|(?<![平温])和(?!谐)|(?<![一共相不协连伙合])同(?!意|时|步|样|类|等|一)|跟(?!踪|进|随)|(?<=我们)或)"
)
TOWARDS_REGEX = Pattern(r"(?:向|给|对|与|和|同|跟|或)(?P<r>[^,。;:]{2,120})$")
TAKEN_REGEX = Pattern(
    r"(?:将|把)(?!会|在|向|与|对|根据|按|严格|不|仅|通过|以(?!下|上)|为|要|来|持续|继续|尽|可能|被|采取|进行|您授权|征|依)(?P<d>[^。;!?]{1,600})$"
)
AFTER_DATA_REGEX = Pattern(
    r",?\s{0,99}+(?:按照|按|依照|依据|根据|通过|经由|经过|(?<![难可得所加足])以[^下上及]|采用|进行|在[^,]{2,30}(?:后|时|前提下)|经(?=加密|脱敏|去标识|匿名|您|过)|同步|一并|直接|实时|自动)"
)
HANDED_REGEX = Pattern(r"(?:^|.*?[^授])(?:允许|授权(?!服务)|委托|由|让|供|被)(?P<r>(?!我们进行)[^,。;]{2,200})$")
VIA_REGEX = Pattern(r"(?:通过|借助|使用|利用|经由|调用)(?:了)?(?P<r>[^,。;]{2,60})$")
BUILT_IN_REGEX = Pattern(r"SDK|插件|组件|工具包", re.I)
METHOD_REGEX = Pattern(
    r"(?:通过|以|采用|使用)(?:其|该|他们的)?\s?(?P<m>(?:SDK|API|H5)(?:接口|方式)?|(?:后台|服务器)?接口)", re.I
)
SELF_START_REGEX = Pattern(r"(?:^|[,\s])(?:我们|我[行司方]|本(?:应用|公司|产品|平台|APP|App))[^,。;]{0,400}$")
USER_REGEX = Pattern(r"(?:您|你|用户|会员|客户)(?:(?:在|可|会|主动|需要?|同意|自行|选择|所|已|将)[^,。;]{0,24})?$")
USER_FIRST_REGEX = Pattern(r"\s*(?:如果?|若|当)?(?:您|你|用户|会员)(?!的)(?!.*(?:我们|授权|将|把))[^,。;]{0,30}$")
DEMAND_REGEX = Pattern(r"(?:需要?|请|要求)(?:您|用户)$")
ANALYSED_REGEX = Pattern(
    r"对(?P<d>(?:您|用户)的?[^,。;]{2,60}?)进行[^,。;]{0,8}?(?:分析|处理|识别|核验|比对|提取|检测|校验|验证)"
)
FROM_REGEX = Pattern(r"(?:通过|从)[^,。;]{0,6}第三方[^,。;S]{0,6}$")
NOUN_REGEX = Pattern(r"\s{0,99}(?:SDK|服务|功能|平台|消息|通知|组件)")
ABOUT_REGEX = Pattern(r"(?:^|[会将需要])对(?!于)[^,。;]{2,30}$")
ASKS_REGEX = Pattern(r"(?P<r>[^,。;]{2,40}?)(?:可能|会|还|也)*(?:需要?|要求)(?:您|用户|你)$")
# 使用您的信息而形成的用户画像: an attribute of the data, no taking
FORMED_REGEX = Pattern(
    r"\s{0,99}(?:您|你|用户)?的?(?:个人|上述|这些)?(?:信息|数据)(?:而|所)?(?:形成|产生|生成|得出|得到)的"
)
TOGETHER_REGEX = Pattern(r"\s{0,99}我们(?:或者?|和|及|与|以及)(?:我们的)?(?=\S{2})")
OURS = r"(?:所|已)?(?:合作|委托|授权|接入|指定|选择|聘请|集成)的"  # 我们委托的某某 is not us
USER_GIVES_REGEX = Pattern(r"(?:您|你|用户)(?:可以?|能够?|也|选择|自行|主动)*(?:将|把)(?!授权|同意|被)")
USED_REGEX = Pattern(r"(?:使用|利用)(?P<d>[^,。;]{2,60})$")
NOT_USER_REGEX = Pattern(r"将|把|的|(?:经过?|征得|获得|取得|得到|根据|按照|依据|基于)(?:您|你|用户)")
OFFERS_REGEX = Pattern(r"(?:您|你|用户)(?:可以?|能够?|需要?|至少|还|也|选择|主动|自愿|应|须|向我[们行司方])*$")
NEEDS_REGEX = Pattern(
    r"需要(?:(?:您|用户)的?(?:授予|授权|开启|允许)?)?(?:(?P<d>(?!使用|您|获取|开启|授予|申请|请求|识别)[^,。;]{2,60}?权限)(?=[,。;]|$)"
    r"|(?:识别|验证)(?P<e>(?:您的)?[^,。;]{2,200}))"
)
PASSIVE_REGEX = Pattern(
    r"\s*(?P<d>[^。;]{2,300}?)(?:可能|会|将|还|也|均|需要|都)*(?:被|由)(?P<r>[^,。;]{2,60}?)(?:直接|自行|自动)?"
)
THOSE_DATA_REGEX = Pattern(
    r"(?:您的|你的)?(?:上述|前述|以上|这些|该等|该些|此类|该类|该)(?:的)?(?:必要|相关|个人|敏感)*(?:信息|数据|资料)"
)
AIM_REGEX = Pattern(r"用于|用来|用以|以便|以实现|为了")
MAX_PREPOSITIONS = 6
# Verbs of one clause, or sentence, that say nothing; behind them only the nearest preposition is tried, and recipients of so
# many characters.
MAX_IDLE, MAX_IDLE_IN_ALL, MAX_NEAR = 10, 30, 60
MAX_HITS = 200  # in one sentence: no real one comes near
MAX_RECIPIENT = 400
MAX_DATA_BEFORE = 1200
AGAIN_REGEX = Pattern(r"\s*+,?\s*+(?:或者?|并且?|和|以及|及|同时)(?:会|将)?\s*+")
WHEN_REGEX = Pattern(r"在[^,。;]{2,30}(?:时候|时|过程中|期间|后)$")
# Behind a verb of taking
OWNED_REGEX = Pattern(r"\s{0,99}(?:您|你|用户|客户)(?:的|设备|终端|手机|在)")
ASKED_REGEX = Pattern(r"(?:需要?|可能|会|将|要|并|请求|委托[^,。;]{2,40})$")
NO_DATA_REGEX = Pattern(r"\s{0,9}(?:了|由|[^,。;、]{0,30}(?:SDK|服务|功能|技术|协议)(?:[,。;]|$|提供))")
FIRST_WORDS_REGEX = Pattern(r"[^,。;、(包和及与]{2,16}")
WE_REGEX = Pattern(rf"\s*(?:我们(?!的|{OURS})|我[行司](?!{OURS}))")
SUBJECT_END_REGEX = Pattern(r"(?:(?<=[^同])时|后|中|,)\s*(?P<r>[^,。;]{2,40})$")
TO_OTHERS_REGEX = Pattern(r"我们|将")
ADVERB_REGEX = Pattern(r"(?:直接|主动|实时|同步|公开|可能|会|将|进行|来|单独|对外|委托|及时|一并|所|\s)$")
TAKES_REGEX = Pattern(r"将|把")
