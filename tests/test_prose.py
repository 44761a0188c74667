"""Disclosures told in sentences, and names: invented sentences of each pattern family."""

from __future__ import annotations

import time
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from noticeparse.document import document_from_text
from noticeparse.document.view import View
from noticeparse.fields.model import Reading
from noticeparse.lexicon.load import load_lexicon
from noticeparse.names import classify_name, split_name
from noticeparse.prose import find_disclosures, mentions_recipient
from noticeparse.records import Disclosure

LEXICON = load_lexicon()

Who = tuple[str | None, str | None, str | None]


class Row(NamedTuple):
    """A text and what it says: who receives, and of the first disclosure items, permissions, purpose and scenario."""

    text: str
    who: list[Who]
    items: list[str] | None = None
    permissions: tuple[str, ...] = ()
    purpose: str | None = None
    scenario: str | None = None


def read(text: str) -> Reading:
    view = View(document_from_text(text))
    return find_disclosures(view, 0, len(view.text), LEXICON)


def who(disclosure: Disclosure) -> Who:
    values = (disclosure.provider, disclosure.recipient_category, disclosure.sdk)
    provider, category, sdk = (value.text if value is not None else None for value in values)
    return provider, category, sdk


ROWS = [
    Row(
        "我们会向第三方物流公司提供您的收货人姓名、收货地址、手机号，用于配送您购买的商品。",
        [(None, "第三方物流公司", None)],
        ["收货人姓名", "收货地址", "手机号"],
        purpose="配送您购买的商品",
    ),
    Row(
        "当您选择到店自提时，我们会向门店共享您的姓名及手机号码，以便店员核对订单。",
        [(None, "门店", None)],
        ["姓名", "手机号码"],
        purpose="店员核对订单",
        scenario="当您选择到店自提时",
    ),
    Row(
        "为了完成实名认证，我们需要向蓝枫认证科技有限公司传输您的姓名、身份证号码。",
        [("蓝枫认证科技有限公司", None, None)],
        ["姓名", "身份证号码"],
        purpose="完成实名认证",
    ),
    Row(
        "我们可能会与广告合作伙伴共享您的设备标识符、IP地址，用于衡量广告效果。",
        [(None, "广告合作伙伴", None)],
        ["设备标识符", "IP地址"],
        purpose="衡量广告效果",
    ),
    Row(
        "我们会对支付机构披露您的订单号、支付金额。",
        [(None, "支付机构", None)],
        ["订单号", "支付金额"],
    ),
    Row(
        "如果您参加抽奖，我们将把您的姓名、联系电话和收货地址提供给奖品提供方，以便为您寄送奖品。",
        [(None, "奖品提供方", None)],
        ["姓名", "联系电话", "收货地址"],
        purpose="为您寄送奖品",
        scenario="如果您参加抽奖",
    ),
    Row(
        "我们将您的手机号、运营商信息共享给晨星数据服务（上海）有限公司，用于一键登录。",
        [("晨星数据服务（上海）有限公司", None, None)],
        ["手机号", "运营商信息"],
        purpose="一键登录",
    ),
    Row(
        "您的订单编号、收货地址会同步至第三方商家，用于发货。",
        [(None, "第三方商家", None)],
        ["订单编号", "收货地址"],
        purpose="发货",
    ),
    Row(
        "我们会将您的人脸图像经加密后传输至云岭智能科技有限公司，用于活体检测。",
        [("云岭智能科技有限公司", None, None)],
        ["人脸图像"],
        purpose="活体检测",
    ),
    Row(
        "我们把您的位置信息分享给地图服务商。",
        [(None, "地图服务商", None)],
        ["位置信息"],
    ),
    Row(
        "我们会提供您的手机号给短信服务商，用于发送验证码。",
        [(None, "短信服务商", None)],
        ["手机号"],
        purpose="发送验证码",
    ),
    Row(
        "我们委托客服服务商处理您的通话记录、订单信息。",
        [(None, "客服服务商", None)],
        ["通话记录", "订单信息"],
    ),
    Row(
        "我们会将您的昵称、头像与授权合作伙伴共享。",
        [(None, "授权合作伙伴", None)],
        ["昵称", "头像"],
    ),
    Row(
        "我们会将您的姓名、身份证号提供给公安机关，或者提供给松桥信用管理有限公司，由其对您的身份进行核验。",
        [(None, "公安机关", None), ("松桥信用管理有限公司", None, None)],
        ["姓名", "身份证号"],
        purpose="对您的身份进行核验",
    ),
    Row(
        "我们会将您的姓名、手机号提供给北山保险有限公司和南湖保险经纪有限公司，用于办理投保。",
        [("北山保险有限公司", None, None), ("南湖保险经纪有限公司", None, None)],
        ["姓名", "手机号"],
        purpose="办理投保",
    ),
    Row(
        "我们会向物流公司或者安装服务商提供您的地址、电话号码。",
        [(None, "物流公司或者安装服务商", None)],
        ["地址", "电话号码"],
    ),
    Row(
        "我们会向合作医院（如青禾医院有限公司）提供您的姓名、就诊卡号。",
        [("青禾医院有限公司", "合作医院", None)],
        ["姓名", "就诊卡号"],
    ),
    Row(
        "极光推送SDK会收集您的设备型号、IMEI，用于消息推送。",
        [(None, None, "极光推送SDK")],
        ["设备型号", "IMEI"],
        purpose="消息推送",
    ),
    Row(
        "第三方支付机构可能会收集您的银行卡号、支付密码。",
        [(None, "第三方支付机构", None)],
        ["银行卡号", "支付密码"],
    ),
    Row(
        "友盟统计SDK需要获取您的存储权限、电话权限。",
        [(None, None, "友盟统计SDK")],
        [],
        (
            "存储权限",
            "电话权限",
        ),
    ),
    Row(
        (
            "如您使用微博账号登录时，微博SDK需要收集您的微博账号、昵称；如您使用抖音账号登录时，"
            "抖音SDK需要收集您的抖音账号、头像。"
        ),
        [(None, None, "微博SDK"), (None, None, "抖音SDK")],
        None,
        scenario="如您使用微博账号登录时",
    ),
    Row(
        "您的人脸信息会被青岚科技有限公司收集，用于核验身份。",
        [("青岚科技有限公司", None, None)],
        ["人脸信息"],
        purpose="核验身份",
    ),
    Row(
        "在您使用语音搜索时，由科大讯飞股份有限公司收集您的语音信息。",
        [("科大讯飞股份有限公司", None, None)],
        ["语音信息"],
        scenario="在您使用语音搜索时",
    ),
    Row(
        "我们会允许第三方统计公司收集您的浏览记录。",
        [(None, "第三方统计公司", None)],
        ["浏览记录"],
    ),
    Row(
        "我们通过个推SDK收集您的设备标识信息，用于推送通知。",
        [(None, None, "个推SDK")],
        ["设备标识信息"],
        purpose="推送通知",
    ),
    Row(
        "为了实现消息推送，我们接入了极光推送SDK，需要收集您的IMEI、MAC地址。",
        [(None, None, "极光推送SDK")],
        ["IMEI", "MAC地址"],
        purpose="实现消息推送",
    ),
    Row(
        "为保障支付安全，我们使用了银川支付有限公司的银川支付SDK，该SDK会收集您的设备信息、网络信息。",
        [("银川支付有限公司", None, "银川支付SDK")],
        ["设备信息", "网络信息"],
        purpose="保障支付安全",
    ),
    Row(
        "我们与广告服务商共享的信息包括设备标识符、IP地址、浏览记录。",
        [(None, "广告服务商", None)],
        ["设备标识符", "IP地址", "浏览记录"],
    ),
    Row(
        "我们共享给物流服务商的信息包括：收货人姓名、收货地址。",
        [(None, "物流服务商", None)],
        ["收货人姓名", "收货地址"],
    ),
    Row(
        "腾讯地图SDK收集的个人信息包括位置信息、设备信息。",
        [(None, None, "腾讯地图SDK")],
        ["位置信息", "设备信息"],
    ),
    Row(
        "提供给保险公司的个人信息包括姓名、身份证号码、车牌号。",
        [(None, "保险公司", None)],
        ["姓名", "身份证号码", "车牌号"],
    ),
    Row(
        "- 物流服务商：部分商品由物流服务商配送，我们会将您的收货地址、手机号提供给此类服务商，用于配送商品。",
        [(None, "物流服务商", None)],
        ["收货地址", "手机号"],
        purpose="配送商品",
    ),
    Row(
        (
            "- 维修服务供应商：本产品的维修服务由包括明远电器维修有限公司在内的第三方提供，"
            "我们会将您的姓名、地址提供给该类服务供应商，用于上门维修。"
        ),
        [("明远电器维修有限公司", "维修服务供应商", None)],
        ["姓名", "地址"],
        purpose="上门维修",
    ),
    Row(
        "- 领取优惠券：如您领取优惠券，我们会向第三方商家提供您的会员编号、手机号，以便核销。",
        [(None, "第三方商家", None)],
        ["会员编号", "手机号"],
        purpose="核销",
        scenario="如您领取优惠券",
    ),
    Row(
        ("目前我们的地图服务由海图软件有限公司提供，我们会接入海图的SDK，他们会通过SDK收集您的位置信息、IMEI。"),
        [("海图软件有限公司", None, None)],
        ["位置信息", "IMEI"],
        purpose="地图服务",
    ),
    Row(
        (
            "目前我们的一键登录服务由甲木通信有限公司、乙木通信有限公司和丙木通信有限公司提供，"
            "我们会接入他们的SDK，他们会通过SDK收集您的手机号、IP地址。"
        ),
        [("甲木通信有限公司", None, None), ("乙木通信有限公司", None, None), ("丙木通信有限公司", None, None)],
        ["手机号", "IP地址"],
        purpose="一键登录服务",
    ),
    Row(
        (
            "目前我们的广告由红杉传媒有限公司（红杉）和白杨传媒有限公司（白杨）提供，红杉会通过SDK收集OAID；"
            "白杨会通过SDK收集IDFA、IP地址。"
        ),
        [("红杉传媒有限公司", None, None), ("白杨传媒有限公司", None, None)],
        None,
        purpose="广告",
    ),
    Row(
        "我们会将您的手机号去标识化处理后提供给数据分析服务商。",
        [(None, "数据分析服务商", None)],
        ["手机号"],
    ),
    Row(
        (
            "（1）霜叶推送SDK：为了向您推送消息，我们使用了霜叶科技有限公司的霜叶推送SDK，"
            "需要获取您的设备型号、IMEI，用于消息推送。\n（2）飞鸟地图SDK：当您使用导航功能时，"
            "我们使用了飞鸟地图SDK，采集您的位置信息，用于路线规划。"
        ),
        [("霜叶科技有限公司", None, "霜叶推送SDK"), (None, None, "飞鸟地图SDK")],
        ["设备型号", "IMEI"],
        purpose="消息推送",
    ),
    Row(
        (
            "（1）.霜叶SDK 通过获取IMEI、MAC地址，用于统计活跃用户。\n（2）.飞鸟SDK 获取应用列表，"
            "用于向用户推送消息。\n（3）.落霞播放器SDK、视频播放器"
        ),
        [(None, None, "霜叶SDK"), (None, None, "飞鸟SDK"), (None, None, "落霞播放器SDK")],
        ["IMEI", "MAC地址"],
        purpose="统计活跃用户",
    ),
    Row(
        (
            "1）“霜叶”：该SDK由“霜叶网络有限公司”提供，用于统计崩溃记录。需要收集和使用的信息包括："
            "\nios版本：IDFA、IP地址\nandroid版本：IMEI、Android ID\n"
            "2）“飞鸟”：由“飞鸟科技有限公司”提供，用于推送。需要收集的信息包括：\nandroid版本："
            "OAID"
        ),
        [("霜叶网络有限公司", None, "霜叶"), ("飞鸟科技有限公司", None, "飞鸟")],
        ["IDFA", "IP地址", "IMEI", "Android ID"],
        purpose="统计崩溃记录",
    ),
    Row(
        (
            "（1）com.leafy.downloader：为了保证离线下载可以顺利完成，我们需要访问您的存储权限，"
            "如不授权可能无法下载。\n（2）com.leafy.camera：为了提供拍照功能，"
            "需要访问您的相机权限。"
        ),
        [(None, None, "com.leafy.downloader"), (None, None, "com.leafy.camera")],
        [],
        ("存储权限",),
        purpose="保证离线下载可以顺利完成",
    ),
    Row(
        (
            "（1）基于地图服务的SDK接入\n目前我们的地图服务由海图软件有限公司提供，我们会接入海图的SDK，"
            "他们会通过SDK收集您的IMEI、位置信息。\n（2）基于热更新的SDK接入\n目前我们的热更新由青瓦科技有限公司提"
            "供，我们会接入青瓦的SDK，不会向他们提供您的任何资料。"
        ),
        [("海图软件有限公司", None, None)],
        ["IMEI", "位置信息"],
        purpose="地图服务",
    ),
    Row(
        (
            "1、霜叶登录SDK：用于一键登录，会收集您的手机号码、运营商类型、IP地址。\n2、"
            "飞鸟支付SDK：用于支付，会收集您的设备标识、网络信息。"
        ),
        [(None, None, "霜叶登录SDK"), (None, None, "飞鸟支付SDK")],
        ["手机号码", "运营商类型", "IP地址"],
        purpose="一键登录",
    ),
    Row(
        (
            "（1）霜叶SDK：用于崩溃分析。该SDK可能会收集您的设备型号、系统版本。\n（2）飞鸟SDK："
            "用于数据统计。该SDK可能会收集您的IMEI。"
        ),
        [(None, None, "霜叶SDK"), (None, None, "飞鸟SDK")],
        ["设备型号", "系统版本"],
        purpose="崩溃分析",
    ),
    Row(
        (
            "1. 微信开放平台SDK：我们接入深圳市腾讯计算机系统有限公司提供的微信开放平台SDK，"
            "以实现微信登录、分享功能，该SDK会收集您的设备信息、微信账号信息。\n2. 支付宝SDK："
            "我们接入支付宝（中国）网络技术有限公司提供的支付宝SDK，以便您使用支付宝付款，"
            "该SDK会收集您的支付信息。"
        ),
        [
            ("深圳市腾讯计算机系统有限公司", None, "微信开放平台SDK"),
            ("支付宝（中国）网络技术有限公司", None, "支付宝SDK"),
        ],
        ["设备信息", "微信账号信息"],
        purpose="实现微信登录、分享功能",
    ),
    Row(
        (
            "• 霜叶SDK：当您使用安卓版客户端时，采集IMEI、OAID；当您使用iOS版客户端时，"
            "采集IDFA，用于风控。\n• 飞鸟SDK：采集您的IP地址，用于统计。"
        ),
        [(None, None, "霜叶SDK"), (None, None, "飞鸟SDK")],
        ["IMEI", "OAID", "IDFA"],
        purpose="风控",
    ),
    Row(
        (
            "（一）霜叶SDK（仅安卓端）：用于推送消息，需要获取您的OAID。\n（二）飞鸟SDK（Android、"
            "iOS端）：用于分享，需要获取您的存储权限。"
        ),
        [(None, None, "霜叶SDK"), (None, None, "飞鸟SDK")],
        ["OAID"],
        purpose="推送消息",
    ),
    Row(
        (
            "我们的部分服务由第三方提供，例如支付功能由银川支付有限公司提供，银川支付有限公司会收集您的支付账号、"
            "订单金额，用于完成支付。"
        ),
        [("银川支付有限公司", None, None)],
        ["支付账号", "订单金额"],
        purpose="完成支付",
    ),
    Row(
        "为了您能够正常使用地图功能，我们集成了海图地图SDK。海图地图SDK会收集您的经纬度、WIFI信息。",
        [(None, None, "海图地图SDK")],
        ["经纬度", "WIFI信息"],
        purpose="您能够正常使用地图功能",
    ),
    Row(
        "在您使用扫码支付服务时，我们需要将您的支付账号信息、订单信息共享给您选择的支付机构。",
        [(None, "支付机构", None)],
        ["支付账号信息", "订单信息"],
        scenario="在您使用扫码支付服务时",
    ),
    Row(
        "我们可能将您的手机号码哈希后发送给广告平台。",
        [(None, "广告平台", None)],
        ["手机号码"],
    ),
    Row(
        "为便于向您推荐商品，我们会与关联公司共享您的浏览记录、购买记录。",
        [(None, "关联公司", None)],
        ["浏览记录", "购买记录"],
        purpose="便于向您推荐商品",
    ),
    Row(
        "经您同意后，我们会把您的学历、工作经历发送给招聘企业，供其筛选简历。",
        [(None, "招聘企业", None)],
        ["学历", "工作经历"],
    ),
    Row(
        "霜叶科技有限公司将收集您的身份证照片、人脸图像进行实名核验。",
        [("霜叶科技有限公司", None, None)],
        ["身份证照片", "人脸图像"],
        purpose="进行实名核验",
    ),
    Row(
        "如您使用小米手机，小米推送SDK会读取您的设备标识符。",
        [(None, None, "小米推送SDK")],
        ["设备标识符"],
        scenario="如您使用小米手机",
    ),
    Row(
        "我们向征信机构（松桥征信有限公司）提供您的姓名、身份证号码、借款信息。",
        [("松桥征信有限公司", "征信机构", None)],
        ["姓名", "身份证号码", "借款信息"],
    ),
    Row(
        "当您使用网约车服务时，我们会向司机展示您的上车地点、手机尾号。",
        [(None, "司机", None)],
        ["上车地点", "手机尾号"],
        scenario="当您使用网约车服务时",
    ),
    Row(
        "您的配送地址和联系方式将由骑手获取，以便完成配送。",
        [(None, "骑手", None)],
        ["配送地址", "联系方式"],
        purpose="完成配送",
    ),
    Row(
        "高德地图SDK、百度地图SDK会收集您的位置信息。",
        [(None, None, "高德地图SDK"), (None, None, "百度地图SDK")],
        ["位置信息"],
    ),
    Row(
        "我们还会将您的邮箱地址上传至云服务提供商青云科技股份有限公司。",
        [("青云科技股份有限公司", "云服务提供商", None)],
        ["邮箱地址"],
    ),
    Row(
        ("支付功能由与我们合作的第三方支付机构向您提供服务。第三方支付机构可能需要收集您的姓名、银行卡号及手机号码。"),
        [(None, "第三方支付机构", None)],
        ["姓名", "银行卡号", "手机号码"],
    ),
    Row(
        "为与您使用的终端机型适配消息推送功能，推送服务提供商可能会收集您的手机型号、系统版本。",
        [(None, "推送服务提供商", None)],
        ["手机型号", "系统版本"],
        purpose="与您使用的终端机型适配消息推送功能",
    ),
    Row(
        "我们使用了友盟SDK统计用户行为，友盟SDK会收集设备信息、网络信息。",
        [(None, None, "友盟SDK")],
        ["设备信息", "网络信息"],
    ),
    Row(
        "地图服务：高德地图SDK由高德软件有限公司提供，会收集您的位置信息，用于定位。",
        [("高德软件有限公司", None, "高德地图SDK")],
        ["位置信息"],
        purpose="定位",
    ),
    Row(
        "例如，当您购买商品时，我们需要将您的订单信息共享给商家，以便商家发货。",
        [(None, "商家", None)],
        ["订单信息"],
        purpose="商家发货",
        scenario="当您购买商品时",
    ),
    Row(
        "您同意并授权我们将您的姓名、手机号码、收货地址提供给发货商家。",
        [(None, "发货商家", None)],
        ["姓名", "手机号码", "收货地址"],
    ),
    Row(
        "本应用集成了霜叶科技有限公司的霜叶SDK，该SDK会在您使用分享功能时获取您的存储权限、设备信息。",
        [("霜叶科技有限公司", None, "霜叶SDK")],
        ["设备信息"],
        ("存储权限",),
    ),
    Row(
        "为了完成支付，支付宝SDK可能会获取您的设备标识符、网络状态信息，用于保障交易安全。",
        [(None, None, "支付宝SDK")],
        ["设备标识符", "网络状态信息"],
        purpose="保障交易安全",
    ),
    Row(
        "霜叶SDK\n霜叶SDK由霜叶科技有限公司提供，用于数据统计，需要获取您的IMEI、IP地址。",
        [("霜叶科技有限公司", None, "霜叶SDK")],
        ["IMEI", "IP地址"],
        purpose="数据统计",
    ),
    Row(
        (
            "（1）小米推送：小米推送SDK会收集您的设备型号、OAID，用于向小米手机用户推送消息。"
            "\n（2）华为推送：华为推送SDK会收集您的设备型号、AAID，用于向华为手机用户推送消息。"
        ),
        [(None, None, "小米推送"), (None, None, "华为推送")],
        ["设备型号", "OAID"],
        purpose="向小米手机用户推送消息",
    ),
    Row(
        (
            "1.小米推送：由北京小米移动软件有限公司提供，用于消息推送，可能收集您的设备标识。"
            "\n2.高德地图：由高德软件有限公司提供，用于地图展示，可能收集您的位置信息。"
        ),
        [("北京小米移动软件有限公司", None, "小米推送"), ("高德软件有限公司", None, "高德地图")],
        ["设备标识"],
        purpose="消息推送",
    ),
    Row(
        ("（1）我们会将您的姓名、身份证号提供给银行，用于开户。\n（2）我们会将您的收货地址提供给快递公司，用于配送。"),
        [(None, "银行", None), (None, "快递公司", None)],
        ["姓名", "身份证号"],
        purpose="开户",
    ),
    Row(
        "为了识别您的设备，数美科技有限公司会收集您的设备信息，包括IMEI、MAC地址、系统版本等。",
        [("数美科技有限公司", None, None)],
        ["设备信息", "IMEI", "MAC地址", "系统版本"],
        purpose="识别您的设备",
    ),
    Row(
        "我们会将您的车牌号、行驶证信息提供给保险公司、经销商等合作方，用于车辆投保。",
        [(None, "保险公司、经销商等合作方", None)],
        ["车牌号", "行驶证信息"],
        purpose="车辆投保",
    ),
    Row(
        ("广告推送：我们可能接入广告合作伙伴的SDK，他们会通过SDK收集您的OAID、IP地址，以帮助其提升广告触达率。"),
        [(None, "广告合作伙伴", None)],
        ["OAID", "IP地址"],
        purpose="帮助其提升广告触达率",
    ),
    Row(
        "如您选择分期付款，您的姓名、身份证号、银行卡号将由晨星消费金融有限公司收集并使用。",
        [("晨星消费金融有限公司", None, None)],
        ["姓名", "身份证号", "银行卡号"],
        scenario="如您选择分期付款",
    ),
    Row(
        "我们会与晨星数据有限公司共享您的手机号（经哈希处理），用于广告投放。",
        [("晨星数据有限公司", None, None)],
        ["手机号"],
        purpose="广告投放",
    ),
    Row(
        "为了防范欺诈，我们会向风控服务商传输您的IP地址、设备指纹信息。",
        [(None, "风控服务商", None)],
        ["IP地址", "设备指纹信息"],
        purpose="防范欺诈",
    ),
    Row(
        "为了向您提供服务，我们的合作伙伴霜叶科技有限公司可能会收集您的手机号。",
        [("霜叶科技有限公司", "合作伙伴", None)],
        ["手机号"],
        purpose="向您提供服务",
    ),
]

ROWS += [
    Row(
        "第三方支付机构在提供该服务的时候，可能会收集您的姓名、银行卡号。",
        [(None, "第三方支付机构", None)],
        ["姓名", "银行卡号"],
    ),
    Row(
        "地图服务提供商：我们会与海图软件有限公司共享您的位置信息。",
        [("海图软件有限公司", "地图服务提供商", None)],
        ["位置信息"],
    ),
    Row(
        "我们接入了以下SDK：霜叶SDK、飞鸟SDK，它们会收集您的IMEI。",
        [(None, None, "霜叶SDK"), (None, None, "飞鸟SDK")],
        ["IMEI"],
    ),
    Row("1、霜叶推送SDK：霜叶科技有限公司会收集您的OAID。", [("霜叶科技有限公司", None, "霜叶推送SDK")], ["OAID"]),
]

NOTHING = [
    "我们会收集您的姓名、手机号，用于为您注册账号。",
    "我们不会向任何第三方提供您的姓名、手机号。",
    "未经您同意，我们不会将您的身份证号码共享给合作伙伴。",
    "我们会从第三方平台获取您的昵称、头像。",
    "第三方平台会向我们提供您的昵称、头像。",
    "我们可能会与合作伙伴共享您的个人信息。",
    "您可以在设置中关闭位置权限、相机权限。",
    "如您拒绝提供手机号，将无法使用登录功能。",
    "我们使用他们的SDK，不会向他们提供您的任何资料。",
    "除法律另有规定外，我们不会公开披露您的个人信息。",
    "在您授权同意后，我们会获取您的位置信息。",
    "我们采用加密技术存储您的身份证号码、银行卡号。",
    "您通过第三方登录时，我们会获取您的昵称和头像。",
    "您在发布评论时向我们提供的昵称、头像会被其他人看到。",
    "当您向我们的客服提供姓名、电话时，我们会记录您的诉求。",
    "如果您不希望我们收集您的位置信息，可以关闭定位权限。",
    "关联公司可能会使用我们的服务。",
    "我们要求第三方对您的信息采取保护措施。",
    "您的姓名和手机号属于个人信息，我们会妥善保存。",
    "本应用会读取您的通讯录权限，用于添加好友。",
    "我们会使用Cookie收集您的浏览记录。",
    "本政策不适用于第三方SDK收集的信息。",
    "我们与合作伙伴签署了数据保护协议，要求其保护您的信息安全。",
    "您可以向我们申请查询、更正、删除您的手机号、昵称。",
    "我们可能会向您发送营销短信。",
    "为了向您提供更好的服务，我们会收集您的设备信息、日志信息。",
    "请您妥善保管账号、密码，不要将密码告知他人。",
    "我们将按照本政策处理您的姓名、手机号。",
    "我们通过调用系统接口获取您的位置信息。",
    "在以下情形中，我们共享、转让、公开披露您的个人信息无需事先征得您的授权同意。",
    "我们会将您的身份证号码加密后存储于境内服务器。",
    "如您对个人信息有疑问，可以通过邮箱与我们联系，我们会核实您的姓名、手机号。",
    "客服人员会向您核实姓名、手机号码。",
    "我们可能会将您的个人信息与我们的关联方共享。",
    "除非得到您的许可，否则我们不会将您的姓名、手机号与广告合作伙伴共享。",
    "您的个人信息可能会在我们和我们的关联方之间进行必要共享。",
    "供应商、服务提供商和其他合作伙伴。我们将信息发送给支持我们业务的供应商。",
    "上述SDK由北京青云网络科技有限公司提供。",
    "当您使用微信登录时，我们会向深圳市腾讯计算机系统有限公司请求获取您的昵称、头像。",
    "第三方SDK可能会收集您的个人信息。",
    "我们会要求SDK提供方说明其收集的信息。",
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.text[:24])
def test_who_receives_what(row: Row) -> None:
    found = read(row.text).disclosures
    assert [who(disclosure) for disclosure in found] == row.who
    first = found[0]
    if row.items is not None:
        assert [item.text for item in first.data_items] == row.items
    assert tuple(permission.text for permission in first.permissions) == row.permissions
    assert (first.purpose.text if first.purpose else None) == row.purpose
    assert (first.scenario.text if first.scenario else None) == row.scenario


@pytest.mark.parametrize("text", NOTHING)
def test_sentences_that_disclose_nothing(text: str) -> None:
    assert read(text).disclosures == ()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.text[:24])
def test_values_stand_at_their_spans(row: Row) -> None:
    for disclosure in read(row.text).disclosures:
        assert disclosure.form == "prose"
        values = [disclosure.provider, disclosure.recipient_category, disclosure.sdk, disclosure.method]
        values += [disclosure.purpose, disclosure.scenario, *disclosure.data_items, *disclosure.permissions]
        for value in values:
            if value is not None:
                assert row.text[slice(*value.span)] == value.text
                assert disclosure.span[0] <= value.span[0] <= value.span[1] <= disclosure.span[1]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.text[:24])
def test_all_words_of_a_sentence_are_read(row: Row) -> None:
    reading = read(row.text)
    read_places = {place for span in reading.labels for place in range(*span)}
    for disclosure in reading.disclosures:
        assert set(range(*disclosure.span)) <= read_places


def test_coordinated_recipients_share_items() -> None:
    found = read("我们会将您的姓名、手机号提供给北山保险有限公司和南湖保险经纪有限公司，用于办理投保。").disclosures
    assert [[item.text for item in disclosure.data_items] for disclosure in found] == [["姓名", "手机号"]] * 2


def test_each_named_by_its_brand_has_its_own_items() -> None:
    found = read(
        "目前我们的广告由红杉传媒有限公司（红杉）和白杨传媒有限公司（白杨）提供，红杉会通过SDK收集OAID；白杨会通过SDK收集IDFA、IP地址。"
    ).disclosures
    assert [[item.text for item in disclosure.data_items] for disclosure in found] == [["OAID"], ["IDFA", "IP地址"]]
    assert [disclosure.method.text if disclosure.method else None for disclosure in found] == ["SDK", "SDK"]


def test_platform_labels_qualify_their_items() -> None:
    text = "1）“霜叶”：该SDK由“霜叶网络有限公司”提供，用于统计。需要收集的信息包括：\nios版本：IDFA\nandroid版本：IMEI"
    (found,) = read(text).disclosures
    assert found.platforms == ("iOS", "Android")
    assert [[note.text for note in item.qualifiers] for item in found.data_items] == [["ios版本"], ["android版本"]]
    assert found.method is not None
    assert found.method.text == "SDK"


def test_conditions_on_a_system_are_no_scenario() -> None:
    text = "（1）霜叶SDK：当您使用安卓版客户端时，采集IMEI，用于风控。\n（2）飞鸟SDK：采集您的IP地址，用于统计。"
    first = read(text).disclosures[0]
    assert first.scenario is None
    assert first.platforms == ("Android",)


def test_line_over_entries_states_their_platform() -> None:
    text = "对于安卓版客户端，还涉及以下第三方SDK：\n（1）霜叶SDK：需要获取您的IMEI。\n（2）飞鸟SDK：需要获取您的OAID。"
    assert [disclosure.platforms for disclosure in read(text).disclosures] == [("Android",), ("Android",)]


def test_treatment_of_the_data() -> None:
    found = read("我们将您的手机号共享给广告平台，用于投放广告。我们会对上述信息进行加密和匿名化后传输。").disclosures
    assert [disclosure.processing.text if disclosure.processing else None for disclosure in found] == ["加密和匿名化"]


def test_wrapped_lines_are_one_sentence() -> None:
    text = "为了向您提供消息推送的服务并保障推送的及时到达，我们使用了霜叶科技有限公司的霜叶\nSDK，该SDK会收集您的设备型号、IMEI。"
    (found,) = read(text).disclosures
    assert who(found) == ("霜叶科技有限公司", None, "霜叶SDK")


def test_own_name_is_no_recipient() -> None:
    text = "霜叶科技有限公司（以下简称“霜叶”）尊重您的隐私。\n霜叶科技有限公司会收集您的姓名、手机号。"
    assert read(text).disclosures == ()


def test_a_part_of_the_text_is_read_alone() -> None:
    text = "我们会向门店提供您的姓名。\n我们会向司机提供您的手机号。"
    view = View(document_from_text(text))
    half = text.index("\n") + 1
    found = find_disclosures(view, half, len(view.text), LEXICON).disclosures
    assert [who(disclosure) for disclosure in found] == [(None, "司机", None)]


def test_mentions_recipient_is_a_filter() -> None:
    assert mentions_recipient("我们会向门店提供您的姓名。", LEXICON)
    assert not mentions_recipient("欢迎来到我们的商城。", LEXICON)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "我们",
                "向",
                "将",
                "提供给",
                "收集",
                "第三方",
                "霜叶SDK",
                "您的",
                "IMEI",
                "、",
                "，",
                "。",
                "（",
                "）",
                "：",
                "由",
                "用于",
                "\n",
                "ios版本",
                "（1）",
                "当",
                "时",
                "被",
                "的",
                "“",
                "有限公司",
                " ",
                "与",
                "共享",
                "不会",
                "为了",
                "；",
                "等",
            ]
        ),
        max_size=60,
    ).map("".join)
)
def test_total_on_any_composition(text: str) -> None:
    view = View(document_from_text(text or "。"))
    reading = find_disclosures(view, 0, len(view.text), LEXICON)
    for disclosure in reading.disclosures:
        assert disclosure.provider or disclosure.recipient_category or disclosure.sdk
        for item in disclosure.data_items:
            assert item.parent is None or 0 <= item.parent < len(disclosure.data_items)


@pytest.mark.parametrize("unit", ["将提供给", "由提供", "收集（", "收集您的姓名，", "我们会向门店提供您的姓名，"])
def test_time_grows_with_length(unit: str) -> None:
    def seconds(size: int) -> float:
        # Processor time, the better of two: a machine that does other work as well must not decide.
        view = View(document_from_text("收集" + unit * (size // len(unit))))
        taken = []
        for _ in range(2):
            begin = time.process_time()
            find_disclosures(view, 0, len(view.text), LEXICON)
            taken.append(time.process_time() - begin)
        return min(taken)

    small = max(seconds(4_000), 0.01)
    assert seconds(40_000) <= 25 * small


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("霜叶科技有限公司", "provider"),
        ("霜叶（北京）科技有限公司", "provider"),
        ("Frostleaf Inc.", "provider"),
        ("青禾大学", "provider"),
        ("霜叶推送SDK", "sdk"),
        ("com.leafy.downloader", "sdk"),
        ("LeafKit", "sdk"),
        ("第三方物流商", "recipient_category"),
        ("有关主管部门或其授权的机构", "recipient_category"),
        ("IMEI", "unknown"),
        ("使用目的", "unknown"),
        ("SDK", "unknown"),
        ("我们会收集您的姓名。", "unknown"),
        ("", "unknown"),
    ],
)
def test_classify_name(text: str, kind: str) -> None:
    assert classify_name(text, LEXICON) == kind


@pytest.mark.parametrize(
    ("text", "provider", "sdk", "platforms"),
    [
        ("霜叶开放平台SDK（Android端，iOS端）", None, "霜叶开放平台SDK", ("Android", "iOS")),
        ("霜叶SDK（仅小米设备）", None, "霜叶SDK", ()),
        ("霜叶SDK（霜叶软件有限公司）", "霜叶软件有限公司", "霜叶SDK", ()),
        ("霜叶统计SDK，来源于百度", "百度", "霜叶统计SDK", ()),
        ("霜叶科技公司的Leaf SDK", "霜叶科技公司", "Leaf SDK", ()),
        ("SDK （霜叶设备指纹 SDK）", None, "霜叶设备指纹 SDK", ()),
        ("霜叶地图SDK（霜叶3D地图SDK）", None, "霜叶地图SDK（霜叶3D地图SDK）", ()),
        ("LeafIO_Android", None, "LeafIO_Android", ("Android",)),
        ("霜叶技术有限公司（霜叶）", "霜叶技术有限公司", None, ()),
        ("播放类", None, None, ()),
    ],
)
def test_split_name(text: str, provider: str | None, sdk: str | None, platforms: tuple[str, ...]) -> None:
    view = View(document_from_text(text))
    parts = split_name(view, 0, len(view.text), LEXICON)
    assert (view.verbatim(*parts.provider) if parts.provider else None) == provider
    assert (view.verbatim(*parts.sdk) if parts.sdk else None) == sdk
    assert parts.platforms == platforms
