//! Where a formulary's rows place drugs, which selectors mean which, and what is in force when.

use openpbm_book::{Book, Formulary, InMemory, Placement};
use openpbm_core::{Date, Ndc};

use crate::support::{appended, book, documents, replaced, with};

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

fn ndc(last: &str) -> Ndc {
    format!("{last:0>11}").parse().unwrap()
}

fn formulary(book: &Book) -> &Formulary {
    book.formularies()[0].on(date("2026-03-01")).unwrap()
}

fn placement<'b>(book: &'b Book, last: &str) -> Option<&'b Placement> {
    formulary(book).placement(book.drugs().find(ndc(last)).unwrap())
}

/// The tier of each drug of the small book.
fn tiers(book: &Book) -> Vec<Option<u8>> {
    ["101", "102", "103", "104", "105", "106", "107"]
        .map(|last| placement(book, last).and_then(|p| p.tier.as_ref()).map(|tier| tier.value))
        .to_vec()
}

#[test]
fn rows_apply_in_order_and_part_by_part() {
    let book = book(&documents());
    // Lipitor has a generic; Caduet, a combination, has none; the ibuprofen is over the counter;
    // the rare generic costs 2.00 x 30 = 60.00.
    let expected = [Some(4), Some(1), Some(3), Some(1), Some(3), None, Some(2)];
    assert_eq!(tiers(&book), expected);
    let oxycodone = placement(&book, "104").unwrap();
    let line = |source| book.locate(source);
    assert_eq!(line(oxycodone.tier.as_ref().unwrap().source), "formularies/main.toml:11");
    let quantity = oxycodone.quantity.as_ref().unwrap();
    assert_eq!(line(quantity.source), "formularies/main.toml:31");
    assert_eq!((quantity.value.quantity.to_string().as_str(), quantity.value.days), ("90", 30));
}

#[test]
fn each_condition_selects_the_drugs_it_means() {
    for (condition, selected) in [
        ("kind = \"brand\"", "101 103 105"),
        ("otc = true", "106"),
        ("class = \"STATIN\"", "101 102 103 107"),
        ("class = [\"opioid\", \"nsaid\"]", "104 106"),
        ("ingredient = [\"atorvastatin\"]", "101 102"),
        ("ingredient = [\"atorvastatin / amlodipine\"]", "103"),
        ("any_ingredient = [\"atorvastatin\"]", "101 102 103"),
        ("strength = [\"20 mg\", \"1 mg\"]", "101 102 107"),
        ("form = [\"tablet\"]", "101 102 103 104 105 106"),
        ("form = [\"tablet, film coated\"]", "105"),
        ("brand = [\"lipitor\", \"Eliquis\"]", "101 105"),
        ("name = \"atorvastatin 20 mg\"", "102"),
        ("schedule = 2", "104"),
        ("ndc = [\"00000000107\", \"00000000101\"]", "101 107"),
        // 9.00 x 60 = 540.00; the ibuprofen has neither a price nor a usual quantity.
        ("cost_30_over = \"540.00\"", ""),
        ("cost_30_from = \"540.00\"", "105"),
        ("generic_on_formulary = true", "101"),
        ("kind = \"brand\", generic_on_formulary = false", "103 105"),
    ] {
        let row = format!("where = {{ {condition} }}");
        let book = book(&with("formularies/main.toml", "where = { class = \"opioid\" }", &row));
        let limited = |last: &&str| placement(&book, last).is_some_and(|p| p.quantity.is_some());
        let found: Vec<&str> =
            ["101", "102", "103", "104", "105", "106", "107"].into_iter().filter(limited).collect();
        assert_eq!(found.join(" "), selected, "{condition}");
    }
}

#[test]
fn an_excluded_generic_is_not_on_the_formulary() {
    let row = "[[place]]\nname = \"no generic statin\"\n\
               where = { kind = \"generic\", class = \"statin\" }\nexclude = \"a test\"\n\n\
               [[place]]\nname = \"brands with a generic\"";
    let old = "[[place]]\nname = \"brands with a generic\"";
    let book = book(&with("formularies/main.toml", old, row));
    assert_eq!(tiers(&book)[0], Some(3));
    assert_eq!(
        placement(&book, "102").unwrap().excluded.as_ref().unwrap().value.as_ref(),
        "a test"
    );
}

#[test]
fn alternatives_are_covered_without_ado_and_best_first() {
    let alternatives = |documents: &InMemory| {
        let book = book(documents);
        let class = book.drugs().words().find("statin").unwrap();
        let ids = formulary(&book).preferred(class).iter();
        let names = ids.map(|id| book.drugs().drug(*id).unwrap().ndc.to_string()[8..].to_owned());
        names.collect::<Vec<_>>()
    };
    // One of Lipitor and its generic; tier 1 before tier 2 before tier 3.
    assert_eq!(alternatives(&documents()), ["102", "107", "103"]);
    let row = "\n[[place]]\nname = \"asked for\"\nwhere = { ndc = \"00000000102\" }\n\
               authorization = {}\n";
    let restricted = appended(documents(), "formularies/main.toml", row);
    assert_eq!(alternatives(&restricted), ["107", "103", "101"]);
}

#[test]
fn drugs_of_the_same_ingredient_strength_and_form_are_the_same() {
    let book = book(&documents());
    let drugs = book.drugs();
    let equivalents = |last: &str| {
        let id = drugs.find(ndc(last)).unwrap();
        drugs.equivalents(drugs.product(id).unwrap().equivalence).len()
    };
    assert_eq!(["101", "102", "103", "105"].map(equivalents), [2, 2, 1, 1]);
}

#[test]
fn the_directory_yields_to_a_table_of_the_book() {
    let header = "ndc,name,ingredient,strength,form,kind,otc\n";
    let rows = "00000000101,atorvastatin,atorvastatin,20 mg,tablet,generic,false\n\
                00000000900,only here,newcillin,1 mg,capsule,brand,false\n";
    let mut documents = documents();
    documents.put("drugs/directory.csv", format!("{header}{rows}"));
    let found = book(&documents);
    let name = |last: &str| {
        let id = found.drugs().find(ndc(last)).unwrap();
        found.drugs().product(id).unwrap().name.to_string()
    };
    assert_eq!((name("101").as_str(), name("900").as_str()), ("Lipitor 20 mg", "only here"));
    // Two tables of the book's own may not disagree.
    let directory = documents.remove("drugs/directory.csv").unwrap();
    documents.put("drugs/more.csv", directory);
    let mistakes = Book::from_documents(&documents).unwrap_err().to_string();
    let text = "drugs/test.csv:2: NDC 00000000101 stands in drugs/more.csv:2, too";
    assert!(mistakes.contains(text), "{mistakes}");
}

#[test]
fn terms_are_in_force_to_the_day() {
    let text = String::from_utf8(documents().get("plans/ppo.toml").unwrap().to_vec()).unwrap();
    let half = text.replace("to = 2026-12-31", "to = 2026-06-30");
    let rest = text
        .replace("from = 2026-01-01", "from = 2026-07-01")
        .replace("person = \"250.00\"", "person = \"300.00\"");
    let mut documents = documents();
    documents.put("plans/ppo.toml", half);
    documents.put("plans/ppo-july.toml", rest);
    let book = book(&documents);
    let group = *book.groups().next().unwrap().0;
    let deductible = |day: &str| {
        let day = date(day);
        let group = book.group(group)?.on(day)?;
        let plan = book.plan(group, day)?;
        Some(plan.deductible.as_ref()?.person.to_string())
    };
    assert_eq!(deductible("2025-12-31"), None);
    assert_eq!(deductible("2026-01-01").unwrap(), "250.00");
    assert_eq!(deductible("2026-06-30").unwrap(), "250.00");
    assert_eq!(deductible("2026-07-01").unwrap(), "300.00");
    assert_eq!(deductible("2027-01-01"), None);
    let unit = |day: &str| book.lists()[0].price(ndc("101"), date(day)).map(|p| p.unit.get());
    assert_eq!((unit("2026-12-31"), unit("2027-01-01")), (Some(500_000), None));
}

#[test]
fn a_gap_between_terms_is_a_mistake() {
    let text = String::from_utf8(documents().get("plans/ppo.toml").unwrap().to_vec()).unwrap();
    let first = replaced(documents(), "plans/ppo.toml", "to = 2026-12-31", "to = 2026-05-31");
    let mut documents = first;
    documents.put("plans/ppo-july.toml", text.replace("from = 2026-01-01", "from = 2026-07-01"));
    let mistakes = Book::from_documents(&documents).unwrap_err().to_string();
    let text = "groups.toml:1:1: group `ACME` needs plan `ppo`, which has no terms from \
                2026-06-01 to 2026-06-30";
    assert!(mistakes.contains(text), "{mistakes}");
}
