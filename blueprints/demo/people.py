"""Invented organisations and people; every address ends in example.org, so nobody real gets mail."""

# ruff: noqa: E501 - sentences stay in one piece

from dataclasses import dataclass

PASSWORD = "portal-demo-2022"  # noqa: S105 - printed for everybody, never made on a public portal
DOMAIN = "example.org"


@dataclass(frozen=True)
class Person:
    """Somebody with an account."""

    mailbox: str
    name: str
    language: str = "ru"
    zone: str = "Europe/Moscow"

    @property
    def email(self) -> str:
        return f"{self.mailbox}@{DOMAIN}"


@dataclass(frozen=True)
class Company:
    """An organisation and the person who acts for it; `short` is how essays speak of it."""

    key: str
    name: str
    short: str
    industry: str
    city: str
    owner: Person
    editors: tuple[Person, ...] = ()
    viewers: tuple[Person, ...] = ()


@dataclass(frozen=True)
class Expert:
    """A member of the jury; `leniency` shifts every mark."""

    person: Person
    position: str
    employer: str
    ru: str
    en: str
    leniency: float
    chair: bool = False


SUPERUSER = Person("admin", "Алексей Администратов")
ORGANISER = Person("organiser", "Ольга Самойлова")
SECOND_ORGANISER = Person("organiser2", "Степан Лазарев")
NOMINEE = Person("nominee", "Анна Соколова")
SECOND_NOMINEE = Person("nominee2", "Дмитрий Ерофеев", zone="Asia/Yekaterinburg")
JUDGE = Person("judge", "Юрий Карташов")
CHAIR = Person("chair", "Клара Вишневская")

COMPANIES = [
    Company(
        "bank",
        "Банк «Лад и Слово»",
        "банк",
        "Банки и финансы",
        "Москва",
        NOMINEE,
        editors=(Person("p.gusev", "Павел Гусев"),),
        viewers=(Person("t.orlova", "Татьяна Орлова"),),
    ),
    Company(
        "grocer",
        "Сеть магазинов «Жёлтая груша»",
        "сеть",
        "Розничная торговля",
        "Екатеринбург",
        SECOND_NOMINEE,
    ),
    Company(
        "clinic",
        "Клиники «Тёплая ладонь»",
        "клиника",
        "Медицина",
        "Казань",
        Person("g.safina", "Гузель Сафина"),
    ),
    Company(
        "telecom",
        "Оператор связи «Перекличка»",
        "оператор",
        "Связь",
        "Москва",
        Person("i.belov", "Илья Белов"),
    ),
    Company(
        "insurer",
        "Страховая компания «Верный зонт»",
        "компания",
        "Страхование",
        "Санкт-Петербург",
        Person("m.frolova", "Марина Фролова"),
    ),
    Company(
        "shop",
        "Интернет-магазин «Сорока-Склад»",
        "магазин",
        "Электронная торговля",
        "Москва",
        Person("a.nikitin", "Артём Никитин"),
    ),
    Company(
        "airline",
        "Авиакомпания «Сизый стриж»",
        "авиакомпания",
        "Перевозки",
        "Новосибирск",
        Person("e.larina", "Елена Ларина", zone="Asia/Novosibirsk"),
    ),
    Company(
        "energy",
        "Энергосбыт «Светлый двор»",
        "компания",
        "Энергетика",
        "Самара",
        Person("v.kuzmin", "Виктор Кузьмин", zone="Europe/Samara"),
    ),
    Company(
        "courier",
        "Служба доставки «Бегом-Бегом»",
        "служба",
        "Логистика",
        "Нижний Новгород",
        Person("o.titova", "Оксана Титова"),
    ),
    Company(
        "neurocat",
        "Лаборатория «Нейрокот»",
        "лаборатория",
        "Разработка программ",
        "Томск",
        Person("k.zhukov", "Кирилл Жуков", zone="Asia/Tomsk"),
    ),
    Company(
        "integrator",
        "Интегратор «Смысл и Код»",
        "интегратор",
        "Разработка программ",
        "Москва",
        Person("s.romanova", "Светлана Романова"),
    ),
    Company(
        "city",
        "Городская служба «Заречье онлайн»",
        "служба",
        "Государственные услуги",
        "Зареченск",
        Person("n.pavlov", "Николай Павлов"),
    ),
    Company(
        "plant",
        "Завод «Медный ветер»",
        "завод",
        "Промышленность",
        "Челябинск",
        Person("l.akhmetova", "Лилия Ахметова", zone="Asia/Yekaterinburg"),
    ),
    Company(
        "hotel",
        "Отели «Гавань снов»",
        "сеть отелей",
        "Гостеприимство",
        "Сочи",
        Person("r.meladze", "Руслан Мелашвили"),
    ),
]

EXPERTS = [
    Expert(
        CHAIR,
        "Председатель жюри, профессор",
        "Школа сервиса и управления",
        "Двадцать лет изучает, как компании слушают клиентов. Автор учебника по управлению клиентским опытом.",
        "Has studied how companies listen to customers for twenty years. Author of a textbook on customer experience management.",
        -0.3,
        chair=True,
    ),
    Expert(
        JUDGE,
        "Директор по клиентскому опыту",
        "Транспортная группа «Меридиан-Юг»",
        "Строил службу поддержки с нуля в трёх отраслях. Верит, что жалоба — это подарок.",
        "Built customer support from scratch in three industries. Believes that a complaint is a gift.",
        0.2,
    ),
    Expert(
        Person("e.gromova", "Екатерина Громова"),
        "Независимый эксперт",
        "",
        "Бывший директор контактного центра на восемьсот мест. Помогает командам измерять то, что важно.",
        "Former director of a contact centre of eight hundred seats. Helps teams measure what matters.",
        -1.3,
    ),
    Expert(
        Person("b.tarasov", "Борис Тарасов"),
        "Руководитель исследований",
        "Институт потребительских практик",
        "Социолог. Изучает доверие между людьми и организациями.",
        "Sociologist. Studies trust between people and organisations.",
        0.9,
    ),
    Expert(
        Person("z.kasymova", "Зарина Касымова", zone="Asia/Almaty"),
        "Директор по персоналу",
        "Холдинг «Степной путь»",
        "Занимается опытом сотрудников и доказывает, что он начинается раньше клиентского.",
        "Works on employee experience and shows that it begins before customer experience does.",
        0.5,
    ),
    Expert(
        Person("f.miller", "Фёдор Миллер"),
        "Дизайн-директор",
        "Студия «Прямая речь»",
        "Проектирует сервисы, которыми пользуются миллионы людей и которые не требуют инструкций.",
        "Designs services that millions of people use and that need no manual.",
        -0.6,
    ),
    Expert(
        Person("d.ignatieva", "Дарья Игнатьева"),
        "Вице-президент по сервису",
        "Клиники «Северный свет и Ко»",
        "Врач по образованию, перенесла в сервис правило «сначала выслушать».",
        "A doctor by training; brought the rule “listen first” to service.",
        0.3,
    ),
    Expert(
        Person("g.osipov", "Глеб Осипов"),
        "Партнёр",
        "Бюро «Дельта данных»",
        "Двенадцать лет соединяет клиентскую аналитику с деньгами и здравым смыслом.",
        "Has joined customer analytics with money and common sense for twelve years.",
        -0.9,
    ),
    Expert(
        Person("t.voronova", "Тамара Воронова"),
        "Директор по качеству",
        "Энергосбыт «Светлый двор»",
        "Отвечает за качество обслуживания двух миллионов домов.",
        "Answers for the quality of service to two million homes.",
        0.1,
    ),
]
CONFLICTED = ("t.voronova", "energy")
RECUSED = ("d.ignatieva", "clinic")
NEWCOMER = Expert(
    Person("newjudge", "Нина Приходько"),
    "Директор по сервису",
    "Сеть мастерских «Иголка и напильник»",
    "Пришла в жюри в этом сезоне. Чинит процессы так же бережно, как вещи.",
    "Joined the jury this season. Mends processes as carefully as things.",
    0.0,
)

STAFF_NAMES = [
    "Мария Котова", "Иван Шестаков", "Алина Бурова", "Роман Дёмин", "Софья Нечаева", "Тимур Галеев",
    "Вероника Лисицына", "Егор Пахомов", "Диана Хасанова", "Максим Рогов", "Ксения Юдина", "Олег Маслов",
]  # fmt: skip
TEAM_NAMES = [
    "Команда офиса на Садовой", "Смена «Доброе утро»", "Команда «Отвечаем за час»", "Команда сервисного зала № 3",
    "Команда «Тёплые слова»", "Бригада выездного сервиса",
]  # fmt: skip

FIRST = [
    "Александр",
    "Мария",
    "Сергей",
    "Наталья",
    "Андрей",
    "Ирина",
    "Михаил",
    "Ольга",
    "Евгений",
    "Юлия",
    "Антон",
    "Вера",
]
LAST = [
    "Волков",
    "Лебедев",
    "Козлов",
    "Новиков",
    "Морозов",
    "Петров",
    "Соловьёв",
    "Васильев",
    "Зайцев",
    "Голубев",
    "Виноградов",
    "Богданов",
]


def full_name(index: int) -> str:
    """A first and a last name that agree."""
    first = FIRST[index % len(FIRST)]
    last = LAST[(index * 5 + index // len(LAST)) % len(LAST)]
    return f"{first} {last}{'а' if first[-1] in 'ая' else ''}"


def many_experts(count: int) -> list[Expert]:
    """More members of the jury, for measuring."""
    made = []
    for index in range(count):
        person = Person(f"judge{index + 1:02d}", full_name(index))
        leniency = ((index * 37) % 25 - 12) / 8
        made.append(
            Expert(person, "Эксперт", "", "Эксперт отрасли.", "An expert of the field.", leniency)
        )
    return made


def many_companies(count: int) -> list[Company]:
    """More organisations, each with its own person, for measuring."""
    industries = ["Розничная торговля", "Банки и финансы", "Связь", "Логистика", "Медицина"]
    made = []
    for index in range(count):
        owner = Person(f"owner{index + 1:03d}", full_name(index))
        title = f"Компания «Пример {index + 1}»"
        industry = industries[index % len(industries)]
        made.append(Company(f"crowd{index}", title, "компания", industry, "Москва", owner))
    return made
