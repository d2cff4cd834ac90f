//! A small book in memory that tests change one line of.

use openpbm_book::{Book, InMemory};

const BOOK: &str = r#"name = "Test"
bin = "900001"
pcn = "TEST"
[[list]]
id = "nadac"
basis = "nadac"
"#;

const GROUPS: &str = r#"[[group]]
id = "ACME"
name = "Acme employees"
sponsor = "Acme"
line = "commercial"
plan = "ppo"
from = 2026-01-01
"#;

const NETWORKS: &str = r#"[[network]]
id = "retail"
name = "Retail"
from = 2026-01-01
brand = [{ list = "nadac", rate = "101%" }]
generic = [{ list = "nadac", rate = "100%" }]
dispensing_fee = "1.50"
"#;

const PLAN: &str = r#"id = "ppo"
name = "PPO"
from = 2026-01-01
to = 2026-12-31
year_starts = "01-01"
formulary = "main"
networks = ["retail"]
claims_accepted_for = 365
prescribers = "listed"

[deductible]
person = "250.00"
family = "500.00"
kind = "embedded"
tiers = [3]

[refill]
used = "75%"
controlled = "85%"

[supply]
retail = [{ days = 34, copays = 1 }, { days = 90, copays = 3 }]

[[share]]
tiers = [1]
copay = "10.00"

[[share]]
tiers = [2, 3, 4]
coinsurance = "25%"
at_most = "100.00"
"#;

const FORMULARY: &str = r#"id = "main"
name = "Main"
from = 2026-01-01
to = 2026-12-31
priced_by = "nadac"
priced_on = 2026-01-01

[[place]]
name = "generics"
where = { kind = "generic", otc = false }
tier = 1

[[place]]
name = "dear generics"
where = { kind = "generic", cost_30_over = "50.00" }
tier = 2

[[place]]
name = "brands"
where = { kind = "brand" }
tier = 3

[[place]]
name = "brands with a generic"
where = { kind = "brand", generic_on_formulary = true }
tier = 4

[[place]]
name = "opioids"
where = { class = "opioid" }
quantity = { units = "90", days = 30 }
"#;

const DUR: &str = r#"[[rule]]
name = "opioid with a statin"
drugs = { class = "opioid" }
with = { class = "statin" }
reason = "DD"
significance = 1
text = "an invented conflict"
overrides = ["1B", "1G"]
"#;

const MEASURES: &str = r#"[[measure]]
id = "statins"
name = "Statins"
ingredients = ["atorvastatin", "rarecillin"]
"#;

const PHARMACIES: &str = "npi,name,channel,network,from,to
1999000015,Harborview,retail,retail,2026-01-01,
1999000056,Faraway,retail,,,
";

const PRESCRIBERS: &str = "npi,name,sanctioned_from,sanctioned_to
1999000114,Dr. Diaz,,
1999000130,Dr. Vance,2026-01-01,
";

const DRUGS: &str =
    "ndc,name,ingredient,strength,form,class,kind,schedule,otc,unit,usual_30,mme,discontinued
00000000101,Lipitor 20 mg,atorvastatin calcium,20 mg,tablet,statin,brand,,false,EA,30,,
00000000102,atorvastatin 20 mg,atorvastatin calcium,20 mg,tablet,statin,generic,,false,EA,30,,
00000000103,Caduet 5-10 mg,amlodipine / atorvastatin,5 mg / 10 mg,tablet,statin,brand,,false,EA,30,,
00000000104,oxycodone 5 mg,oxycodone,5 mg,tablet,opioid,generic,2,false,EA,120,7.5,
00000000105,Eliquis 5 mg,apixaban,5 mg,\"tablet, film coated\",anticoagulant,brand,,false,EA,60,,
00000000106,ibuprofen 200 mg,ibuprofen,200 mg,tablet,nsaid,generic,,true,EA,,,
00000000107,rare generic,rarecillin,1 mg,capsule,statin,generic,,false,EA,30,,
";

const PRICES: &str = "ndc,unit_price,from,to
00000000101,5.00000,2026-01-01,2026-12-31
00000000102,0.10000,2026-01-01,2026-12-31
00000000103,6.00000,2026-01-01,
00000000104,0.20000,2026-01-01,2026-12-31
00000000105,9.00000,2026-01-01,2026-12-31
00000000107,2.00000,2026-01-01,2026-12-31
";

/// The documents, which have no mistake and earn no warning.
pub(crate) fn documents() -> InMemory {
    InMemory::from_iter([
        ("book.toml", BOOK),
        ("groups.toml", GROUPS),
        ("networks.toml", NETWORKS),
        ("plans/ppo.toml", PLAN),
        ("formularies/main.toml", FORMULARY),
        ("dur.toml", DUR),
        ("measures.toml", MEASURES),
        ("pharmacies.csv", PHARMACIES),
        ("prescribers.csv", PRESCRIBERS),
        ("drugs/test.csv", DRUGS),
        ("prices/nadac.csv", PRICES),
    ])
}

/// The documents with one text replaced, which must stand there exactly once.
pub(crate) fn with(path: &str, old: &str, new: &str) -> InMemory {
    replaced(documents(), path, old, new)
}

/// Replaces a text of a document, which must stand there exactly once.
pub(crate) fn replaced(mut documents: InMemory, path: &str, old: &str, new: &str) -> InMemory {
    let text = std::str::from_utf8(documents.get(path).expect(path)).unwrap().to_owned();
    assert_eq!(text.matches(old).count(), 1, "`{old}` in {path}");
    documents.put(path, text.replace(old, new));
    documents
}

/// The documents with a text behind one of them.
pub(crate) fn appended(mut documents: InMemory, path: &str, more: &str) -> InMemory {
    let text = [documents.get(path).expect(path), more.as_bytes()].concat();
    documents.put(path, text);
    documents
}

/// The book of documents that have no mistake.
pub(crate) fn book(documents: &InMemory) -> Book {
    Book::from_documents(documents).unwrap_or_else(|mistakes| panic!("{mistakes}"))
}

/// What is wrong with documents, one line each.
pub(crate) fn said(documents: &InMemory) -> Vec<String> {
    Book::check(documents).mistakes.listed().iter().map(ToString::to_string).collect()
}
