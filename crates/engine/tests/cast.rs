//! Who and what the tables speak of: members by first name, pharmacies and prescribers by a
//! word of their name, drugs by a short label. All persons are invented.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use openpbm_core::{
    CardholderId, Circumstances, Coverage, Date, During, ExemptGroup, GroupId, Member, Ndc, Npi,
    OtherCoverage, PayerKind, PayerOrder, PersonCode, Relationship, Sex,
};

use crate::books;

/// Members beside those of the sample book, for boundaries that none of those stands at.
const OTHERS: &str = "\
cardholder_id,person_code,group,first_name,last_name,birth,sex,relationship,from,to,\
diagnoses,allergies,pregnant_until
CSC400001,01,CSCPPO,Ida,Moss,1986-06-15,female,subscriber,2026-01-01,,,,
CSC400002,01,CSCPPO,Otto,Lund,1950-06-15,male,subscriber,2026-01-01,,,,
CSC400003,01,CSCMCD,Finn,Dale,2005-06-15,male,subscriber,2026-01-01,,,,
CSC400004,01,CSCMCD,Rosa,Vega,1999-02-03,female,subscriber,2026-01-01,,,,2026-06-30
CSC400005,01,CSCPPO,Gus,Hart,1980-10-10,male,subscriber,2026-01-01,2026-03-31,,,
CSC400005,01,CSCPPO,Gus,Hart,1980-10-10,male,subscriber,2026-06-01,,,,
CSC400006,01,CSCHDHP,Hal,Young,1979-05-05,male,subscriber,2026-01-01,,,,
CSC400007,01,CSCPPO,Eve,Lang,1972-12-01,female,subscriber,2026-01-01,,E119,,
CSC400008,01,CSCPPO,Jan,Berg,1991-01-09,male,subscriber,2026-01-01,,,,
CSC400008,02,CSCPPO,Tim,Berg,2012-07-07,male,child,2026-01-01,,,,
CSC400008,03,CSCPPO,Tom,Berg,2012-07-07,male,child,2026-01-01,,,,
CSC400009,01,CSCMCD,Ash,Reed,1988-04-04,male,subscriber,2026-01-01,,,,
CSC400010,01,CSCMCD,Hope,Lake,1950-01-01,female,subscriber,2026-01-01,,,,
CSC400011,01,CSCMCD,Cal,Stone,1980-02-02,male,subscriber,2026-01-01,,,,
CSC400012,01,CSCMCD,Tess,Wood,1979-01-01,female,subscriber,2026-01-01,,,,
CSC400012,02,CSCMCD,Theo,Wood,2015-01-01,male,child,2026-01-01,,,,
CSC400013,01,CSCMCD,Thea,Ford,2014-01-01,female,child,2026-01-01,,,,
CSC400014,01,CSCMCD,Don,Pike,1940-01-01,male,subscriber,2026-01-01,,,,
CSC400015,01,CSCPPO,Nora,Hill,1990-01-01,female,subscriber,2026-01-01,,,,
CSC400016,01,CSCPPO,Kim,Shaw,1985-05-05,female,subscriber,2025-04-10,,,,
CSC400016,02,CSCPPO,Kai,Shaw,2024-06-15,male,child,2026-02-01,,,,
CSC400017,01,CSCHDHP,Gil,Nash,1983-08-08,male,subscriber,2026-01-01,2026-06-30,,,
CSC400017,01,CSCPPO,Gil,Nash,1983-08-08,male,subscriber,2026-07-01,,,,
CSC400017,02,CSCHDHP,Bea,Nash,1984-09-09,female,spouse,2026-01-01,2026-06-30,,,
CSC400017,02,CSCPPO,Bea,Nash,1984-09-09,female,spouse,2026-07-01,,,,
CSC400011,02,CSCMCD,Cass,Stone,1981-03-03,female,spouse,2026-01-01,,,,
CSC410001,01,CSCPDP,Ruth,Adler,1948-04-04,female,subscriber,2026-01-01,,,,
CSC410002,01,CSCPDP,Saul,Kemp,1949-09-09,male,subscriber,2026-01-01,,,,
CSC410003,01,CSCPDP,Vera,Lund,1940-03-03,female,subscriber,2026-01-01,,,,
CSC410004,01,CSCPDP,Paul,Reyes,1947-07-07,male,subscriber,2025-01-01,,,,
CSC410005,01,CSCPDP,Lena,Frost,1951-08-08,female,subscriber,2025-01-01,,,,
CSC410006,01,CSCPDP,Nina,Roth,1949-02-02,female,subscriber,2026-01-01,2026-06-30,,,
CSC410006,01,CSCEGW,Nina,Roth,1949-02-02,female,subscriber,2026-07-01,,,,
CSC410007,01,CSCPPO,Owen,Lake,1960-03-03,male,subscriber,2026-01-01,2026-06-30,,,
CSC410007,01,CSCEGW,Owen,Lake,1960-03-03,male,subscriber,2026-07-01,,,,
";

/// A short label, and the NDC it stands for in the sample book.
const DRUGS: &[(&str, &str)] = &[
    ("Abilify 10", "59148000813"),
    ("alprazolam 0.5", "00228202910"),
    ("alprazolam 1", "00228203110"),
    ("amlodipine 10", "59762213501"),
    ("amoxicillin 500", "00093310905"),
    ("amoxicillin-clavulanate 875", "00093227534"),
    ("atorvastatin 20", "60505257909"),
    ("budesonide-formoterol 160", "00310737020"),
    ("Celebrex 200", "58151008401"),
    ("Celexa 20", "00456402001"),
    ("CellCept 500", "00004026001"),
    ("cetirizine OTC", "00378363701"),
    ("Claravis 40", "00555105786"),
    ("clomiphene 50", "49884070155"),
    ("Effexor XR 150", "58151012777"),
    ("Eliquis 5", "00003089421"),
    ("Enbrel 50", "58406003204"),
    ("Entresto 97", "00078069620"),
    ("escitalopram 10", "65862037401"),
    ("Farxiga 10", "00310621030"),
    ("fentanyl 25", "00378912198"),
    ("Fiasp", "00169320111"),
    ("fluoxetine tablet 20", "13668047330"),
    ("folic acid 1", "65162036110"),
    ("Humira 40", "00074433902"),
    ("Humulin N OTC", "00002831501"),
    ("hydrocodone 5", "00406012301"),
    ("Imbruvica 420", "57962042028"),
    ("Januvia 100", "00006027731"),
    ("Jardiance 10", "00597015230"),
    ("Lantus", "00088222033"),
    ("Lasix 40", "30698006001"),
    ("Latisse", "00023361605"),
    ("Lipitor 20", "58151015677"),
    ("lisdexamfetamine 70", "00054037525"),
    ("lisinopril 10", "68180098003"),
    ("lisinopril 10 (other maker)", "00591040701"),
    ("lisinopril 20", "00591040801"),
    ("lisinopril B", "00591040701"),
    ("lisinopril 5", "00591040601"),
    ("metformin 500", "65862000801"),
    ("metformin 625", "58657072630"),
    ("morphine 15", "00054023525"),
    ("Mounjaro 5", "00002149580"),
    ("mycophenolate 500", "00378447205"),
    ("nitroglycerin 0.4", "43598043611"),
    ("Norvasc 10", "00069154068"),
    ("NovoLog", "00169750111"),
    ("oxycodone-APAP 10", "00406052301"),
    ("oxycodone-APAP 5", "00406051201"),
    ("OxyContin 10", "59011041010"),
    ("Ozempic 1", "00169413013"),
    ("Pacerone 200", "00245014760"),
    ("pravastatin 40", "68462019790"),
    ("PrEP", "00093770456"),
    ("Rezvoglar pen", "00002898005"),
    ("Saxenda", "00169280015"),
    ("Shingrix", "58160082311"),
    ("sildenafil 100", "00093534356"),
    ("sildenafil 20", "59762003303"),
    ("simvastatin 10", "16714068202"),
    ("simvastatin 20", "16714068302"),
    ("Sprintec", "00555901658"),
    ("Stelara 90", "57894006103"),
    ("sumatriptan 100", "55111029336"),
    ("sumatriptan 50", "55111029236"),
    ("Symbicort 160", "00186037020"),
    ("topiramate ER 50", "00480235701"),
    ("tramadol 50", "57664037708"),
    ("Trulicity 0.75", "00002143380"),
    ("Truvada", "61958070101"),
    ("vitamin D2", "64380073706"),
    ("Xarelto 20", "50458057930"),
    ("zolpidem 10", "00093007401"),
    ("zolpidem 5", "00093007301"),
    ("zolpidem ER 12.5", "47335030888"),
    ("an unknown NDC", "99999999999"),
];

/// A word, and the NPI it stands for.
const PROVIDERS: &[(&str, &str)] = &[
    ("Harborview", "1999000015"),
    ("Pine Street", "1999000023"),
    ("mail", "1999000031"),
    ("Summit", "1999000049"),
    ("Faraway", "1999000056"),
    ("an unknown pharmacy", "1999000064"),
    ("Diaz", "1999000114"),
    ("Keller", "1999000122"),
    ("Vance", "1999000130"),
    ("nobody", "1999000148"),
];

/// A person with the card.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) card: CardholderId,
    pub(crate) member: Member,
}

impl Person {
    pub(crate) fn group(&self) -> GroupId {
        self.member.coverage[0].group
    }
}

/// Everybody, by first name.
pub(crate) fn people() -> &'static BTreeMap<String, Person> {
    static PEOPLE: LazyLock<BTreeMap<String, Person>> = LazyLock::new(|| {
        let sample = std::fs::read_to_string(format!("{}/members.csv", books::SAMPLE));
        let mut people = BTreeMap::new();
        enroll(&sample.expect("the sample's members are readable"), &mut people);
        enroll(OTHERS, &mut people);
        people
    });
    &PEOPLE
}

pub(crate) fn person(name: &str) -> &'static Person {
    people().get(name).unwrap_or_else(|| panic!("`{name}` is nobody of these tests"))
}

/// Everybody on a card.
pub(crate) fn on_card(card: CardholderId) -> Vec<Member> {
    people().values().filter(|p| p.card == card).map(|p| p.member.clone()).collect()
}

pub(crate) fn drug(label: &str) -> Ndc {
    let found = DRUGS.iter().find(|(known, _)| *known == label);
    found.unwrap_or_else(|| panic!("`{label}` is no drug of these tests")).1.parse().unwrap()
}

pub(crate) fn provider(word: &str) -> Npi {
    let found = PROVIDERS.iter().find(|(known, _)| *known == word);
    found.unwrap_or_else(|| panic!("`{word}` is nobody of these tests")).1.parse().unwrap()
}

/// What the files say of a few persons beside their coverage: `what=value` between blanks.
const CIRCUMSTANCES: &[(&str, &str)] = &[
    ("Ash", "exempt=american-indian authorized=00310621030@2026-02-01..2026-07-31"),
    ("Hope", "exempt=hospice@2026-03-01..2026-04-15"),
    ("Cal", "income=40.00@2026-01-01..2026-06-30 income=1000.00@2026-07-01.."),
    ("Cass", "income=40.00@2026-01-01..2026-06-30 income=1000.00@2026-07-01.."),
    ("Tess", "before=commercial@2026-01-01..2026-06-30 after=tricare"),
    ("Theo", "before=commercial"),
    ("Thea", "before=child-support"),
    ("Don", "before=part-d"),
    ("Nora", "before=commercial@2026-01-01..2026-06-30"),
    ("Peter", "level=1"),
    ("Saul", "level=2"),
    ("Vera", "level=3"),
    ("Lena", "level=1"),
];

fn circumstances(name: &str) -> Circumstances {
    let said = CIRCUMSTANCES.iter().find(|(known, _)| *known == name).map_or("", |(_, said)| said);
    let mut circumstances = Circumstances::default();
    for (what, value) in said.split_whitespace().map(|word| word.split_once('=').unwrap()) {
        match what {
            "exempt" => {
                circumstances.exempt.push(during(value, |text| word(&ExemptGroup::ALL, text)))
            }
            "income" => circumstances.monthly_income.push(during(value, |text| text.parse().ok())),
            "level" => circumstances.low_income.push(during(value, |text| text.parse().ok())),
            "authorized" => {
                circumstances.authorizations.push(during(value, |text| text.parse().ok()));
            }
            "before" => circumstances.other_coverage.push(during(value, |text| {
                Some(other(word(&PayerKind::ALL, text)?, PayerOrder::Before))
            })),
            "after" => circumstances.other_coverage.push(during(value, |text| {
                Some(other(word(&PayerKind::ALL, text)?, PayerOrder::After))
            })),
            _ => panic!("no file says `{what}`"),
        }
    }
    circumstances
}

fn during<T>(text: &str, what: impl FnOnce(&str) -> Option<T>) -> During<T> {
    During::parse(text, what).unwrap_or_else(|| panic!("`{text}` says nothing"))
}

fn word<T: Copy>(all: &[(&str, T)], text: &str) -> Option<T> {
    all.iter().find(|(word, _)| *word == text).map(|(_, what)| *what)
}

fn other(kind: PayerKind, pays: PayerOrder) -> OtherCoverage {
    OtherCoverage {
        payer: "Northern Mutual".to_owned(),
        kind,
        pays,
        bin: "610001".parse().ok(),
        pcn: "NM".parse().ok(),
        cardholder: None,
    }
}

fn enroll(text: &str, people: &mut BTreeMap<String, Person>) {
    let mut rows = csv::Reader::from_reader(text.as_bytes());
    let header = rows.headers().unwrap().clone();
    for row in rows.records() {
        let row = row.unwrap();
        let optional = |name: &str| Some(row[header.iter().position(|h| h == name)?].to_owned());
        let cell = |name: &str| optional(name).unwrap();
        let list = |name: &str| cell(name).split_whitespace().map(str::to_owned).collect();
        let day = |name: &str| -> Option<Date> { cell(name).parse().ok() };
        let coverage = Coverage {
            group: cell("group").parse().unwrap(),
            from: day("from").unwrap(),
            to: day("to"),
        };
        let person = Person {
            card: cell("cardholder_id").parse().unwrap(),
            member: Member {
                person_code: cell("person_code").parse::<PersonCode>().unwrap(),
                first_name: cell("first_name"),
                last_name: cell("last_name"),
                birth: day("birth").unwrap(),
                sex: Some(if cell("sex") == "male" { Sex::Male } else { Sex::Female }),
                relationship: match cell("relationship").as_str() {
                    "subscriber" => Relationship::Subscriber,
                    "spouse" => Relationship::Spouse,
                    _ => Relationship::Child,
                },
                coverage: Vec::new(),
                diagnoses: list("diagnoses"),
                allergies: list("allergies"),
                pregnant_until: day("pregnant_until"),
                circumstances: circumstances(&cell("first_name")),
            },
        };
        people.entry(cell("first_name")).or_insert(person).member.coverage.push(coverage);
    }
}
