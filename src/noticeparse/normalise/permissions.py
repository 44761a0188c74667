"""Permissions of an entry that speaks of one system: the constants are that system's."""

from __future__ import annotations

from msgspec.structs import replace

from noticeparse.document.view import plain_form
from noticeparse.lexicon.load import Lexicon
from noticeparse.lexicon.match import permission_of
from noticeparse.records import Disclosure, Permission, Platform

_SYSTEMS: dict[tuple[Platform, ...], str] = {("iOS",): "ios", ("HarmonyOS",): "harmonyos"}


def of_its_system(disclosure: Disclosure, lexicon: Lexicon) -> tuple[Permission, ...]:
    """The permissions of a disclosure, ``相机权限`` of an entry for iOS alone as ``NSCameraUsageDescription``.

    Args:
        disclosure: With permissions as the grammar of items gives them.
        lexicon: Vocabulary.
    """
    system = _SYSTEMS.get(disclosure.platforms)
    if system is None:
        return disclosure.permissions
    return tuple(_of(permission, lexicon, system) for permission in disclosure.permissions)


def _of(permission: Permission, lexicon: Lexicon, system: str) -> Permission:
    constants = permission_of(plain_form(permission.text), lexicon, system)
    return replace(permission, permission="|".join(constants)) if constants else permission
