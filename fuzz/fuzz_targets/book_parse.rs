//! Any bytes in the place of any document of a small book: reading never panics, and gives a
//! book exactly if there is no mistake.

#![no_main]

use libfuzzer_sys::fuzz_target;
use openpbm_book::{Book, InMemory};

const DOCUMENTS: [(&str, &str); 11] = [
    (
        "book.toml",
        r#"name = "T"
bin = "900001"
pcn = "T"
[[list]]
id = "nadac"
basis = "nadac"
"#,
    ),
    (
        "groups.toml",
        r#"[[group]]
id = "A"
name = "A"
sponsor = "A"
line = "commercial"
plan = "p"
from = 2026-01-01
"#,
    ),
    (
        "networks.toml",
        r#"[[network]]
id = "r"
name = "R"
from = 2026-01-01
brand = [{ list = "nadac", rate = "100%" }]
generic = [{ list = "nadac", rate = "100%" }]
dispensing_fee = "1.00"
"#,
    ),
    (
        "plans/p.toml",
        r#"id = "p"
name = "P"
from = 2026-01-01
year_starts = "01-01"
formulary = "f"
networks = ["r"]
claims_accepted_for = 365
prescribers = "any"
[refill]
used = "75%"
controlled = "85%"
[supply]
retail = [{ days = 34, copays = 1 }]
[[share]]
copay = "10.00"
"#,
    ),
    (
        "formularies/f.toml",
        r#"id = "f"
name = "F"
from = 2026-01-01
priced_by = "nadac"
priced_on = 2026-01-01
[[place]]
name = "all"
where = { kind = "brand" }
tier = 1
"#,
    ),
    (
        "dur.toml",
        r#"[[rule]]
name = "r"
drugs = { kind = "brand" }
pregnancy = true
reason = "PG"
significance = 1
text = "t"
overrides = []
"#,
    ),
    (
        "measures.toml",
        r#"[[measure]]
id = "m"
name = "M"
ingredients = ["a"]
excluded_by = { class = "c" }
"#,
    ),
    (
        "pharmacies.csv",
        r#"npi,name,channel,network,from,to
1999000015,H,retail,r,2026-01-01,
"#,
    ),
    (
        "prescribers.csv",
        r#"npi,name
1999000114,D
"#,
    ),
    (
        "drugs/d.csv",
        r#"ndc,name,ingredient,strength,form,class,kind,schedule,otc,unit,usual_30,mme,discontinued
00000000101,A 1 mg,a,1 mg,tablet,c,brand,,false,EA,30,,
"#,
    ),
    (
        "prices/nadac.csv",
        r#"ndc,unit_price,from,to
00000000101,1.00000,2026-01-01,
"#,
    ),
];

fuzz_target!(|input: (u8, bool, &[u8])| {
    let (which, behind, bytes) = input;
    let mut documents = InMemory::from_iter(DOCUMENTS);
    let (path, text) = DOCUMENTS[usize::from(which) % DOCUMENTS.len()];
    // In the document's place, or behind its text, where more of the reader is reached.
    let bytes = if behind { [text.as_bytes(), bytes].concat() } else { bytes.to_vec() };
    documents.put(path, bytes);
    let checked = Book::check(&documents);
    assert_eq!(checked.book.is_none(), checked.mistakes.is_fatal());
    let _ = checked.mistakes.to_string();
});
