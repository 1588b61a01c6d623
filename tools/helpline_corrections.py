# ruff: noqa: RUF001 (services are named in their own scripts)
"""What was decided about single rows of the help line candidates, and why.

A row is named by its country and its number as the candidates write it (its text line where it
has no number). "Seen" is a stored copy of a page, read on 22 November 2026; its date is its own.
"""

from collections.abc import Mapping
from typing import TypeAlias

Key: TypeAlias = tuple[str, str]
Row: TypeAlias = dict[str, str]

COUNTRY_CODES: Mapping[str, str] = {
    # Codes that ISO withdrew; old lists still use them.
    "NH": "VU",
    "RH": "ZW",
    "YD": "YE",
}

WITHOUT_PREFIX: Mapping[str, str] = {
    # Short codes and freephone numbers that a list wrote with a country prefix. They cannot be
    # dialled so: a short code has no prefix, from anywhere.
    "+44116123": "116 123",
    "+4485258": "85258",
    "+1988": "988",
    "+1741741": "741741",
    "+9114416": "14416",
    "+33333114": "3114",
    "+82109": "109",
    "+498001110111": "0800 111 0 111",
    "+498001110222": "0800 111 0 222",
}

LEFT_OUT: Mapping[Key, str] = {
    ("IN", "14416"): "the same service as the row above it, which has its second number too",
    # A department of a ministry, which takes reports about violence in families. No page was
    # found that calls 800 77788 a line for people who need to talk; the government's own page
    # names 1100, for the protection of children (omanuna.oman.om).
    ("OM", "800-77788"): "narrower than its name says, and nobody could say what it is",
    # Rozan works on violence against women and children; no page with this number was found.
    ("PK", "0304 111 1741"): "narrower than its name says, and nobody could say what it is",
}

CONFIRMED: Mapping[Key, tuple[str, ...]] = {
    # What other pages say of the same number; the codes stand in data/helplines_sources.toml.
    ("BA", "080 05 03 05"): ("MTEL23",),
    ("EE", "116 123"): ("SKA23",),
    ("GB", "SHOUT to 85258"): ("V26", "OH26"),
    ("LV", "116123"): ("JAUNS26", "ZZ21"),
    ("PT", "1411"): ("DECO25", "SAPO25"),
    ("PT", "213 544 545"): ("SAPO25",),
}

CONFLICTS: Mapping[str, tuple[str, frozenset[str]]] = {
    # Countries for which the candidates name different numbers, and what may ship of each.
    "AR": ("one list alone, and it differs from older ones", frozenset()),
    "BD": (
        "three lists have Kaan Pete Roi; the other number is in one list and has no name",
        frozenset({"09612 119911"}),
    ),
    "IT": (
        "two organisations with websites of their own, each in two lists",
        frozenset({"02 2327 2327", "02 99777"}),
    ),
    "MX": (
        "two services, in four and in three lists",
        frozenset({"800 911 2000", "55 5259 8121"}),
    ),
    "PT": (
        "1411 began on 10 September 2025 beside the older line; SNS 24 is in one list",
        frozenset({"1411", "213 544 545"}),
    ),
    "RU": (
        "one list alone for adults; the children's line is on pages of 2020, 2023 and 2026",
        frozenset({"8-800-2000-122"}),
    ),
    "UA": ("one list alone, and it differs from what others name", frozenset()),
}

CORRECTED: Mapping[Key, Row] = {
    # A child line: https://plavitelefon.ba/sta-je-plavi-telefon/ and m:tel's blog of 2023. Its
    # hours differ from page to page, so none is given.
    ("BA", "080 05 03 05"): {"name": "Plavi telefon (Blue Phone)"},
    # The number is Bogotá's own.
    ("CO", "106"): {"name": "Línea 106, El poder de ser escuchado (Bogotá D.C.)"},
    # The address that the candidates give is its chat.
    ("CZ", "116 123"): {"chat_url": "https://linkapsychickepomoci.cz/chat/"},
    # "Open 24/7" in its name is contradicted: the Social Insurance Board wrote on 16 January
    # 2023 that counsellors answer from 10 to 24, in Estonian, Russian and English. No hours,
    # until a newer page says which.
    ("EE", "116 123"): {"name": "Hingehoiu telefon", "languages": "et;ru;en"},
    # The Welsh line stood in the languages; it is a row of its own below.
    ("GB", "116 123"): {"languages": "en"},
    ("GR", "1018"): {
        "name": "24ωρη Γραμμή Παρέμβασης για την Αυτοκτονία (24-hour suicide line)",
        "hours": "24/7",
    },
    ("HK", "2389 2222"): {
        "name": "The Samaritan Befrienders Hong Kong (香港撒瑪利亞防止自殺會)",
        "hours": "24/7",
        "languages": "yue",
    },
    ("IT", "02 2327 2327"): {"hours": "every day, hours vary"},
    ("JP", "0120-279-338"): {"name": "よりそいホットライン (Yorisoi Hotline)"},
    ("KR", "109"): {"name": "자살예방 상담전화 109 (Suicide Prevention Line)"},
    # For children and young people, not for everyone: its own name says so, and vlast.kz.
    ("KZ", "150"): {"name": "Балалар мен жасөспірімдерге арналған сенім телефоны 150 (trust line)"},
    ("LK", "1926"): {"name": "National Mental Health Helpline 1926"},
    # Round the clock (jauns.lv, 13 January 2026); Latvian, Russian and English (zz.lv, 2021).
    # The website in the candidates belongs to another service, for victims of crime.
    ("LV", "116123"): {"hours": "24/7", "languages": "lv;ru;en", "website": ""},
    ("MN", "1800-2000"): {
        "name": "Сэтгэцийн эрүүл мэндийн мэдээлэл өгөх утас (mental health information line)"
    },
    ("MY", "15555"): {"name": "Talian HEAL 15555"},
    ("NP", "1166"): {
        "name": "आत्महत्या रोकथामको लागि राष्ट्रिय हेल्पलाईन (national suicide prevention helpline)"
    },
    ("NZ", "0800 543 354; 0508 828 865"): {"hours": "07:00-24:00"},
    ("PE", "113 option 5"): {"name": "Infosalud Perú (health line of the state)"},
    ("PT", "1411"): {
        "name": "Linha Nacional de Prevenção do Suicídio",
        "hours": "24/7",
        "languages": "pt",
    },
    ("TH", "1323"): {"name": "ปรึกษาปัญหาสุขภาพจิต 1323 (mental health advice)"},
    # The ministry's line for families, women, children, older and disabled people, which also
    # takes reports of violence (dunya.com, elazighaber23.com). The website in the candidates is
    # an association's page that lists it.
    ("TR", "183"): {
        "name": "ALO 183 Sosyal Destek Hattı (state social support: family, violence, neglect)",
        "website": "",
    },
    # The address carried the words that somebody had marked on the page.
    ("UY", "0800 0767"): {
        "website": "https://www.gub.uy/ministerio-salud-publica/comunicacion/noticias/"
        "linea-de-prevencion-del-suicidio-0800-0767"
    },
}

PAGES = "pages seen on 22 November 2026, see helplines_sources.toml"
ADDED: tuple[Row, ...] = (
    # From the languages of the row of October 2026 and two older pages that agree on the hours.
    {
        "iso2": "GB",
        "name": "Samaritans, Welsh language line",
        "phone": "0808 164 0123",
        "website": "https://www.samaritans.org/",
        "hours": "19:00-23:00",
        "languages": "cy",
        "source": "hand-checked table of October 2026 (publisher unknown)",
        "agreeing_sources": "V26 NATION21 IWA17",
    },
    # From a mobile it wants an area code first, say the pages; texts go to 1388 itself.
    {
        "iso2": "KR",
        "name": "청소년전화 1388 (youth line; from a mobile: area code, then 1388)",
        "phone": "1388",
        "sms": "1388",
        "website": "https://1388.go.kr/",
        "hours": "24/7",
        "languages": "ko",
        "source": PAGES,
        "agreeing_sources": "GG26 KTV18",
    },
    {
        "iso2": "RU",
        "name": "Детский телефон доверия (children's trust line)",
        "phone": "8-800-2000-122",
        "languages": "ru",
        "source": PAGES,
        "agreeing_sources": "IZV26 CAP23 PODHOD20",
    },
)

CHILDREN: frozenset[Key] = frozenset(
    {("BA", "080 05 03 05"), ("KR", "1388"), ("KZ", "150"), ("RU", "8-800-2000-122")}
)

PAIRS: Mapping[str, tuple[Key, ...]] = {
    # Shown together and counted as one place: two official languages, adults and children.
    "be-languages": (("BE", "1813"), ("BE", "0800 32 123")),
    "gb-samaritans": (("GB", "116 123"), ("GB", "0808 164 0123")),
    "kr-ages": (("KR", "109"), ("KR", "1388")),
}

DATES: Mapping[str, str] = {
    # The day of each source, where it is known to the day.
    "V26": "2026-10-07",
    "W26": "2026-08-08",
    "OH26": "2026-06-02",
    "JAUNS26": "2026-01-13",
    "GG26": "2026-02-13",
    "IZV26": "2026-03-11",
    "SAPO25": "2025-09-10",
    "DECO25": "2025-09-09",
}
