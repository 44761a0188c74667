"""Parts of a policy: whose lists tell of recipients and whose tell of the app itself."""

from __future__ import annotations

import pytest

import noticeparse
from noticeparse.document import document_from_text
from noticeparse.document.view import View
from noticeparse.layout.lines import read_lines
from noticeparse.layout.sections import read_parts
from noticeparse.lexicon.load import load_lexicon

LEXICON = load_lexicon()

OWN_CARDS = """## 二、我们如何收集和使用您的个人信息

**1) 昵称（可选）**
- **收集内容**: 您设置的昵称
- **使用目的**: 显示在主页

#### 2.1 相机权限
- **使用场景**: 拍照上传头像
- **收集内容**: 您拍摄的照片
- **使用目的**: 设置头像

#### 2.2 分享功能
- **使用场景**: 把内容分享给好友时
- **收集内容**: 分享的链接
- **使用目的**: 完成分享
"""
SDK_CARDS = """
### 2.3 第三方SDK收集和使用个人信息的情况

#### 霜叶推送SDK
- **使用目的**: 消息推送
- **收集的个人信息**: OAID、IP地址

#### 统计服务
- **SDK名称**: 青禾统计SDK
- **使用目的**: 统计
- **收集的个人信息**: IMEI
"""


def kinds(text: str) -> list[str]:
    view = View(document_from_text(text))
    return [kind for kind in read_parts(view, read_lines(view), LEXICON).kinds if kind]


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("一、我们如何收集和使用您的个人信息", "own"),
        ("附录：应用权限说明", "own"),
        ("（二）我们如何使用Cookie和同类技术", "own"),
        ("五、您的权利", "own"),
        ("三、我们如何共享、转让您的个人信息", "recipients"),
        ("附录二：第三方SDK目录", "recipients"),
        ("2.3 第三方SDK收集和使用个人信息的情况", "recipients"),
    ],
)
def test_what_a_heading_says(heading: str, kind: str) -> None:
    assert kinds(f"{heading}\n说明文字。\n") == [kind]


@pytest.mark.parametrize("text", ["霜叶", "我们如何收集您的信息，请看下文。", "收集的信息："])
def test_what_heads_no_part(text: str) -> None:
    assert kinds(f"{text}\n说明文字。\n") == []


def test_cards_of_the_apps_own_functions_are_left_out() -> None:
    found = noticeparse.parse(f"# 青禾隐私政策\n\n{OWN_CARDS}{SDK_CARDS}").disclosures
    assert [disclosure.sdk.text for disclosure in found if disclosure.sdk] == ["霜叶推送SDK", "青禾统计SDK"]


def test_an_sdk_below_own_collecting_is_kept() -> None:
    text = f"# 青禾隐私政策\n\n{OWN_CARDS}\n#### 霜叶推送SDK\n- **使用目的**: 推送\n- **收集的个人信息**: OAID\n"
    found = noticeparse.parse(text).disclosures
    assert [disclosure.sdk.text for disclosure in found if disclosure.sdk] == ["霜叶推送SDK"]


PAGE = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>青禾隐私政策</title>
<script>var sdk = "SDK名称：假SDK 收集个人信息：IMEI";</script><style>.SDK名称{{color:red}}</style></head><body>
<nav><ul><li><a href="/">首页</a></li><li><a href="/sdk">第三方SDK目录</a></li></ul></nav>
<div class="cookie"><p>我们使用Cookie收集您的浏览记录，用于改进体验。</p><button>接受</button></div>
<h1>青禾隐私政策</h1><p>更新日期：2024年3月1日</p><p>生效日期：2024年3月8日</p>
<h2>一、我们如何收集和使用您的个人信息</h2>
<p>您注册时，我们会收集您的手机号、昵称，用于创建账号。</p>
<table><tr><th>权限名称</th><th>权限用途</th></tr><tr><td>相机</td><td>扫码</td></tr><tr><td>麦克风</td><td>搜索</td></tr></table>
<table><tr><th>功能</th><th>个人信息</th><th>目的</th></tr><tr><td>注册</td><td>手机号</td><td>创建账号</td></tr></table>
<h2>二、我们如何共享您的个人信息</h2>
<p>我们会向物流公司提供您的收货人姓名、收货地址，用于配送商品。</p>
<p>我们可能会与我们的关联公司、授权合作伙伴共享您的个人信息。</p>
<h2>三、您的权利</h2><p>您可以查询、更正您的手机号。</p>
<h2>附录：第三方SDK清单</h2><ul>{entries}</ul>
<footer>联系我们 | 关于青禾 | <a href="/p">隐私政策</a></footer></body></html>"""


def test_a_saved_page_gives_its_recipient_parts_only() -> None:
    names = ["霜叶推送SDK", "青禾统计SDK", "海图地图SDK"]
    entries = "".join(f"<li>SDK名称：{name}<br>使用目的：消息推送<br>收集个人信息：OAID</li>" for name in names)
    notice = noticeparse.parse(PAGE.format(entries=entries).encode())
    assert (notice.notice.updated, notice.notice.effective) == ("2024-03-01", "2024-03-08")
    told = [(d.recipient_category or d.sdk) for d in notice.disclosures]
    assert [value.text for value in told if value] == ["物流公司", *names]


@pytest.mark.parametrize(
    "text",
    [
        "附录一：应用权限说明\n权限名称：相机权限\n使用目的：扫码\n权限名称：位置权限\n使用目的：推荐门店\n",
        "收集个人信息清单\n业务场景：注册\n收集信息：手机号\n使用目的：创建账号\n业务场景：下单\n收集信息：地址\n使用目的：配送\n",
        "我们申请的权限\n1、相机权限：用于扫码。\n2、电话权限：用于获取设备识别码，保障账号安全。\n",
        "个人信息收集清单\n（1）设备信息：设备型号、IMEI，用于保障安全。\n（2）日志信息：浏览记录，用于改进服务。\n",
        "共享\n1、与关联公司共享：我们可能会与关联公司共享您的个人信息。\n2、与合作伙伴共享：我们可能会与授权合作伙伴共享您的某些个人信息。\n",
    ],
)
def test_lists_without_a_recipient(text: str) -> None:
    assert noticeparse.parse(text).disclosures == ()
