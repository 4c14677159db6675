"""One mailbox behind the ways to write its address, to notice who registers twice."""

ONE_FOR_ALL = {"googlemail.com": "gmail.com", "ya.ru": "yandex.ru", "yandex.com": "yandex.ru"}
"""Hosts with several names for the same mailbox."""


def mailbox(email: str) -> str:
    """The address without its tag (`+anything`) and dots, in lower case.

    Not every host ignores them, so this only flags: a person decides.
    """
    local, _at, host = email.strip().lower().rpartition("@")
    local = local.split("+", 1)[0].replace(".", "")
    return f"{local}@{ONE_FOR_ALL.get(host, host)}"
