"""When two names mean one organisation, and which mail hosts belong to everybody."""

import re
import unicodedata
from urllib.parse import urlsplit

# Legal forms say nothing about who it is.
FORMS = frozenset(
    [
        "ooo",
        "ооо",
        "ао",
        "зао",
        "оао",
        "пао",
        "нао",
        "ип",
        "нко",
        "ано",
        "гк",
        "тоо",
        "одо",
        "фгуп",
        "гуп",
        "муп",
        "ltd",
        "limited",
        "llc",
        "llp",
        "lp",
        "inc",
        "incorporated",
        "corp",
        "corporation",
        "co",
        "company",
        "plc",
        "gmbh",
        "ag",
        "se",
        "sa",
        "sas",
        "sarl",
        "srl",
        "spa",
        "bv",
        "nv",
        "ab",
        "as",
        "oy",
        "oyj",
        "kft",
        "sro",
        "doo",
        "pte",
        "pty",
        "jsc",
        "pjsc",
        "ojsc",
        "cjsc",
        "group",
        "holding",
        "группа",
        "холдинг",
        "компания",
    ]
)
CHINESE_FORMS = ("股份有限公司", "有限责任公司", "有限責任公司", "有限公司", "集团", "集團", "公司")
# Anybody has an address there, and nobody owns these but the mail services; the last line is reserved
# for examples (RFC 2606).
PUBLIC_MAIL_HOSTS = frozenset(
    [
        "gmail.com",
        "googlemail.com",
        "outlook.com",
        "hotmail.com",
        "live.com",
        "msn.com",
        "yahoo.com",
        "ymail.com",
        "rocketmail.com",
        "aol.com",
        "icloud.com",
        "me.com",
        "mac.com",
        "proton.me",
        "protonmail.com",
        "pm.me",
        "gmx.com",
        "gmx.net",
        "gmx.de",
        "web.de",
        "mail.com",
        "zoho.com",
        "fastmail.com",
        "hey.com",
        "tutanota.com",
        "tuta.io",
        "posteo.de",
        "hushmail.com",
        "yandex.ru",
        "yandex.com",
        "ya.ru",
        "yandex.kz",
        "yandex.by",
        "yandex.ua",
        "narod.ru",
        "mail.ru",
        "bk.ru",
        "list.ru",
        "inbox.ru",
        "internet.ru",
        "xmail.ru",
        "rambler.ru",
        "lenta.ru",
        "autorambler.ru",
        "myrambler.ru",
        "ro.ru",
        "ukr.net",
        "i.ua",
        "meta.ua",
        "tut.by",
        "mail.kz",
        "qq.com",
        "vip.qq.com",
        "foxmail.com",
        "163.com",
        "126.com",
        "yeah.net",
        "188.com",
        "sina.com",
        "sina.cn",
        "sohu.com",
        "aliyun.com",
        "139.com",
        "189.cn",
        "wo.cn",
        "tom.com",
        "21cn.com",
        "hinet.net",
        "yahoo.com.tw",
        "yahoo.com.hk",
        "yahoo.co.jp",
        "yahoo.co.uk",
        "yahoo.fr",
        "yahoo.de",
        "hotmail.co.uk",
        "hotmail.fr",
        "orange.fr",
        "wanadoo.fr",
        "free.fr",
        "laposte.net",
        "t-online.de",
        "freenet.de",
        "libero.it",
        "naver.com",
        "daum.net",
        "hanmail.net",
        "seznam.cz",
        "wp.pl",
        "o2.pl",
        "onet.pl",
        "interia.pl",
        "abv.bg",
        "mail.bg",
        "rediffmail.com",
        "example.com",
        "example.org",
        "example.net",
    ]
)


def name_key(name: str) -> str:
    """What is left of a name without quotes, case, punctuation and legal forms."""
    text = unicodedata.normalize("NFKC", name).casefold().replace("ё", "е")
    for form in CHINESE_FORMS:
        text = text.replace(form, "")
    words = re.findall(r"\w+", re.sub(r"(?<=\w)[.’'`](?=\w)", "", text))
    kept = [word for word in words if word not in FORMS]
    return " ".join(kept or words)[:200]


def mail_domain(email: str) -> str:
    """The domain of an address that tells whom its owner works for; empty for public mail hosts."""
    domain = email.rpartition("@")[2].casefold().strip()
    reserved = domain.endswith((".example", ".test", ".invalid", ".localhost"))
    return "" if reserved or "." not in domain or domain in PUBLIC_MAIL_HOSTS else domain


def domain_of(website: str) -> str:
    """The domain of a website, as it stands behind the @ of its owner."""
    host = (urlsplit(website).hostname or "").casefold().removeprefix("www.")
    return mail_domain(f"@{host}")[:200]
