"""Recipients and data that a sentence does not name itself: words that point back, heads, conditions, what was said before."""

from __future__ import annotations

import pytest

from tests.test_prose import Row, read, who

ROWS = [
    # 上述信息, 这些信息: what an earlier sentence said of our own collecting
    Row(
        "参加抽奖时，您需要提供姓名、通信地址。这些信息不会公开。我们会将这些信息与奖品提供方共享，以便寄送奖品。",
        [(None, "奖品提供方", None)],
        ["姓名", "通信地址"],
        purpose="寄送奖品",
    ),
    Row(
        "我们会收集您的设备型号、IP地址。经您同意，我们会向风控服务商提供上述信息。",
        [(None, "风控服务商", None)],
        ["设备型号", "IP地址"],
    ),
    # 前述服务商: what the condition of the same sentence named
    Row(
        "当地图服务商或天气服务商与我们联合为您提供服务时，我们可能会收集您的位置信息并提供给前述服务商。",
        [(None, "地图服务商或天气服务商", None)],
        ["位置信息"],
        scenario="当地图服务商或天气服务商与我们联合为您提供服务时",
    ),
    # A kind of recipient that is a sentence by itself
    Row(
        "（1）地图服务商或天气服务商。当您使用附近功能时，我们会收集您的位置信息、设备型号并提供给前述服务商。",
        [(None, "地图服务商或天气服务商", None)],
        ["位置信息", "设备型号"],
        scenario="当您使用附近功能时",
    ),
    # 这些广告主: said before to share something that is not named
    Row(
        "我们可能与投放推广的广告主共享信息，仅会向这些广告主提供用户画像标签。",
        [(None, "投放推广的广告主", None)],
        ["用户画像标签"],
    ),
    # Makers of devices, named by the devices
    Row(
        "如您使用小米、华为等品牌手机，青禾接入的上述手机厂商Push SDK需要收集手机唯一标识信息（例如IMEI），用于推送消息。",
        [("小米、华为", "手机厂商", "Push SDK")],
        ["手机唯一标识信息", "IMEI"],
        purpose="推送消息",
        scenario="如您使用小米、华为等品牌手机",
    ),
    # The accounts that a condition names
    Row(
        "如您使用微博、微信等第三方账号登录，相关SDK会收集您的设备标识符。",
        [("微博", None, None), ("微信", None, None)],
        ["设备标识符"],
        scenario="如您使用微博、微信等第三方账号登录",
    ),
    # The same SDK with its maker's brand, or with a slip
    Row(
        "青禾集成了霜叶科技有限公司的统计分析SDK，霜叶统计分析SDK会收集您的OAID。",
        [("霜叶科技有限公司", None, "统计分析SDK")],
        ["OAID"],
    ),
    Row(
        "青禾集成了霜叶科技有限公司的统计分析SDK，统计分祈SDK会收集您的OAID。",
        [("霜叶科技有限公司", None, "统计分析SDK")],
        ["OAID"],
    ),
    Row(
        "青禾集成了霜叶科技有限公司统计分析SDK，统计分析SDK会收集您的OAID。",
        [("霜叶科技有限公司", None, "统计分析SDK")],
        ["OAID"],
    ),
    # Two SDKs of one company, one behind the other
    Row(
        "青禾集成了霜叶科技有限公司的统计SDK，统计SDK收集您的OAID。青禾集成了霜叶科技有限公司的分享SDK，分享SDK收集您的IMEI。",
        [("霜叶科技有限公司", None, "统计SDK"), ("霜叶科技有限公司", None, "分享SDK")],
        ["OAID"],
    ),
    # Whose SDK it is, in a sentence of its own
    Row(
        "我们会集成霜叶地图 SDK，用于展示门店。该 SDK 主体为：霜叶科技有限公司；收集的个人信息包含：位置信息、IMEI。",
        [("霜叶科技有限公司", None, "霜叶地图 SDK")],
        ["位置信息", "IMEI"],
        purpose="展示门店",
    ),
    Row(
        "我们接入了飞鸟广告SDK。该SDK的提供方为霜叶科技有限公司及其关联公司，会收集您的OAID。",
        [("霜叶科技有限公司及其关联公司", None, "飞鸟广告SDK")],
        ["OAID"],
    ),
    # The company behind what it does for us
    Row(
        "我们会向为青禾提供仓储服务的霜叶物流有限公司披露您的配送信息。",
        [("霜叶物流有限公司", None, None)],
        ["配送信息"],
    ),
    # Sharing told of both sides; who asks receives
    Row(
        "为保障账号安全，我们或服务提供商可能会共享必要的账号、日志信息。",
        [(None, "服务提供商", None)],
        ["账号", "日志信息"],
        purpose="保障账号安全",
    ),
    Row(
        "在核验身份时，第三方认证机构需要您提供真实姓名、身份证号码。",
        [(None, "第三方认证机构", None)],
        ["真实姓名", "身份证号码"],
        scenario="在核验身份时",
    ),
    Row(
        "您同意授权平台及与平台合作的第三方查看社保信息。",
        [(None, "与平台合作的第三方", None)],
        ["社保信息"],
    ),
    Row(
        "物流配送主体不可避免地会获知您的配送信息，用于完成配送。",
        [(None, "物流配送主体", None)],
        ["配送信息"],
        purpose="完成配送",
    ),
    Row(
        "我们会使用间接用户画像与委托我们推广的合作伙伴（“委托方”）共享。",
        [(None, "委托我们推广的合作伙伴", None)],
        ["间接用户画像"],
    ),
    # Prepositions are no parts of words; 可以便捷 holds no 以便
    Row(
        "我们经您同意后向第三方提供您的昵称，使您可以便捷地登录。",
        [(None, "第三方", None)],
        ["昵称"],
        purpose="使您可以便捷地登录",
    ),
    # What stands beside the data: 其他…信息, 中与交易有关的…信息
    Row(
        "我们会将您的订单信息中与交易有关的必要信息、手机号及其他页面提示的信息提供给商家。",
        [(None, "商家", None)],
        ["订单信息", "手机号"],
    ),
    # A permission at the head, and who acts behind it
    Row(
        "1. 读取设备识别码：霜叶SDK需要收集您的MAC地址以提供统计服务。",
        [(None, None, "霜叶SDK")],
        ["MAC地址"],
        purpose="提供统计服务",
    ),
    # The first clause behind a marker
    Row(
        "（4）为分析服务的使用情况，我们可能会与数据公司共享您的点击记录。",
        [(None, "数据公司", None)],
        ["点击记录"],
        purpose="分析服务的使用情况",
    ),
    Row(
        "2.当您下单后，我们会向商家提供您的收货地址。",
        [(None, "商家", None)],
        ["收货地址"],
        scenario="当您下单后",
    ),
    # Recipients together with us; data that were formed from others
    Row(
        "我们或我们的第三方合作伙伴可能通过Cookie收集您的浏览记录，用于优化广告投放。",
        [(None, "第三方合作伙伴", None)],
        ["浏览记录"],
        purpose="优化广告投放",
    ),
    Row(
        "我们会将使用您的信息而形成的用户画像与提供广告服务的合作伙伴共享，以帮助提升触达率。",
        [(None, "提供广告服务的合作伙伴", None)],
        ["用户画像"],
        purpose="帮助提升触达率",
    ),
    Row(
        "我们将难以识别您个人身份的用户画像标签提供给广告服务商。",
        [(None, "广告服务商", None)],
        ["用户画像标签"],
    ),
    Row(
        "基础服务：向第三方合作商（如充电站运营方）共享车牌号，以解决停车费减免。",
        [(None, "第三方合作商", None)],
        ["车牌号"],
        purpose="解决停车费减免",
    ),
    # Entries that tell what an SDK offers
    Row(
        "（1）霜叶翻译SDK：提供在线翻译功能，需要用户授予录音权限。\n（2）霜叶支付SDK：使用霜叶支付SDK提供充值、缴费的功能。",
        [(None, None, "霜叶翻译SDK"), (None, None, "霜叶支付SDK")],
        [],
        ("录音权限",),
        purpose="提供在线翻译功能",
    ),
]

NOTHING = [
    "分享功能会帮助您将订单信息分享给好友或社交平台。",
    "我们会向您本人或好友展示您的成就信息。",
    "我们会向公安机关提供符合标准的联网接口。",
    "您使用打赏功能时，我们将收集您的头像、昵称，并向其他用户进行展示。",
    "您可以提供姓名、地址。我们不会将这些信息与任何第三方共享。",
    "（1）广告服务商。未经您授权，我们不会将您的个人信息与广告服务商共享。",
    "我们可能会将您的个人信息与我们的关联方共享。",
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.text[:24])
def test_what_is_said_elsewhere(row: Row) -> None:
    found = read(row.text).disclosures
    assert [who(disclosure) for disclosure in found] == row.who
    assert [item.text for item in found[0].data_items] == row.items
    assert tuple(permission.text for permission in found[0].permissions) == row.permissions
    assert (found[0].purpose.text if found[0].purpose else None) == row.purpose
    assert (found[0].scenario.text if found[0].scenario else None) == row.scenario


@pytest.mark.parametrize("text", NOTHING)
def test_nothing_is_shared(text: str) -> None:
    assert read(text).disclosures == ()


@pytest.mark.parametrize(
    "text",
    [
        "我们接入了霜叶SDK，霜叶SDK会收集您的OAID，具体详见《霜叶隐私政策》。",
        "我们接入了霜叶SDK，霜叶SDK会收集您的OAID。详见《霜叶隐私政策》。",
    ],
)
def test_policy_of_which_only_the_title_stands(text: str) -> None:
    (disclosure,) = read(text).disclosures
    assert disclosure.privacy_policy is not None
    assert (disclosure.privacy_policy.text, disclosure.privacy_policy.url) == ("《霜叶隐私政策》", None)


def test_a_product_named_for_what_it_does_is_no_treatment() -> None:
    (disclosure,) = read("霜叶加密SDK会收集您的OAID，用于保护应用。").disclosures
    assert disclosure.processing is None


LISTS = [
    (
        "我们合作的第三方地图服务商可能收集以下信息：\n操作日志：如点击记录、浏览记录；\n位置信息。\n以上信息可以关闭。",
        [(None, "第三方地图服务商", None)],
        ["操作日志", "点击记录", "浏览记录", "位置信息"],
    ),
    (
        "我们会向物流公司提供以下信息：\n- 收货人姓名\n- 收货地址\n- 手机号\n我们会保护它们。",
        [(None, "物流公司", None)],
        ["收货人姓名", "收货地址", "手机号"],
    ),
    (
        "我们接入了霜叶推送SDK，该SDK会收集您的以下信息：\n1. 设备信息（IMEI、OAID）；\n2. 网络信息；\n3. 位置信息。",
        [(None, None, "霜叶推送SDK")],
        ["设备信息", "IMEI", "OAID", "网络信息", "位置信息"],
    ),
    (
        "（1）霜叶SDK：我们使用了霜叶SDK，该SDK会收集以下信息：\n- 设备信息：IMEI\n- 网络信息：IP地址\n"
        "（2）飞鸟SDK：用于统计，需要获取您的IMEI。",
        [(None, None, "霜叶SDK"), (None, None, "飞鸟SDK")],
        ["设备信息", "IMEI", "网络信息", "IP地址"],
    ),
    ("我们会收集以下信息：\n- 姓名\n- 地址\n我们会保护它们。", [], []),
]


@pytest.mark.parametrize(("text", "recipients", "items"), LISTS, ids=lambda value: str(value)[:20])
def test_data_listed_below_a_sentence(text: str, recipients: list[tuple[str | None, ...]], items: list[str]) -> None:
    found = read(text).disclosures
    assert [who(disclosure) for disclosure in found] == recipients
    assert [item.text for disclosure in found[:1] for item in disclosure.data_items] == items
