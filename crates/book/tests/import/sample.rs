//! The sample book's tables of drugs and prices agree with each other and with its documents.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use openpbm_core::{Date, Ndc, Quantity, UnitPrice};

type Row = BTreeMap<String, String>;

pub(super) fn sample(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../sample").join(path)
}

pub(super) fn table(path: &str) -> Vec<Row> {
    let mut reader = csv::Reader::from_path(sample(path)).expect("a table");
    reader.deserialize().collect::<Result<_, _>>().expect("rows as wide as the header")
}

/// The drugs by their code.
fn drugs() -> BTreeMap<String, Row> {
    let rows = table("drugs/sample.csv");
    let count = rows.len();
    let drugs: BTreeMap<_, _> = rows.into_iter().map(|row| (row["ndc"].clone(), row)).collect();
    assert_eq!(drugs.len(), count, "a code stands twice");
    drugs
}

/// What makes two drugs the same.
fn equivalence(drug: &Row) -> (&str, &str, &str) {
    (&drug["ingredient"], &drug["strength"], &drug["form"])
}

#[test]
fn every_price_is_of_a_known_drug() {
    let drugs = drugs();
    for (list, count) in [("prices/nadac.csv", 398), ("prices/mac.csv", 3), ("prices/mfp.csv", 12)]
    {
        let prices = table(list);
        assert_eq!(prices.len(), count, "{list}");
        for price in &prices {
            assert!(drugs.contains_key(&price["ndc"]), "{list}: {}", price["ndc"]);
            let unit: UnitPrice = price["unit_price"].parse().expect("a price");
            assert!(unit > UnitPrice::default());
            assert_eq!((&*price["from"], &*price["to"]), ("2026-01-01", "2026-12-31"));
        }
    }
}

#[test]
fn only_excluded_drugs_and_folic_acid_have_no_price() {
    let prices = table("prices/nadac.csv");
    let priced: BTreeSet<_> = prices.iter().map(|price| &price["ndc"]).collect();
    let drugs = drugs();
    let unpriced: Vec<_> = drugs.values().filter(|drug| !priced.contains(&drug["ndc"])).collect();
    let names: BTreeMap<_, _> = unpriced.iter().map(|d| (&*d["name"], &*d["class"])).collect();
    let expected = BTreeMap::from([
        ("Contrave 8-90 mg ER tablet", "weight loss"),
        ("Latisse 0.03% eyelash solution", "cosmetic"),
        ("Propecia 1 mg tablet", "cosmetic"),
        ("Saxenda 18 mg/3 mL pen", "weight loss"),
        ("clomiphene 50 mg tablet", "infertility"),
        ("folic acid 1 mg tablet", "vitamin"),
        ("phentermine 37.5 mg tablet", "weight loss"),
    ]);
    assert_eq!(names, expected);
}

#[test]
fn every_cell_is_well_formed() {
    for drug in drugs().values() {
        let ndc: Ndc = drug["ndc"].parse().expect("an NDC");
        let one_of = |column: &str, allowed: &[&str]| {
            assert!(allowed.contains(&&*drug[column]), "{ndc} {column}: {}", drug[column]);
        };
        one_of("kind", &["brand", "generic"]);
        one_of("schedule", &["", "2", "3", "4", "5"]);
        one_of("otc", &["true", "false"]);
        one_of("unit", &["EA", "ML", "GM"]);
        let usual: Quantity = drug["usual_30"].parse().expect("a quantity");
        assert!(!usual.is_zero(), "{ndc}");
        let ingredients: Vec<_> = drug["ingredient"].split(" / ").collect();
        assert!(ingredients.is_sorted(), "{ndc} {ingredients:?}");
        // Mixed amphetamine salts are dosed by their sum.
        let strengths = drug["strength"].split(" / ").count();
        let is_sum = drug["ingredient"] == "amphetamine / dextroamphetamine";
        assert!(strengths == ingredients.len() || is_sum, "{ndc} {}", drug["strength"]);
        for column in ["name", "ingredient", "strength", "form", "class"] {
            assert!(!drug[column].is_empty() && drug[column].trim() == drug[column], "{ndc}");
        }
        if let Some(end) = Some(&drug["discontinued"]).filter(|end| !end.is_empty()) {
            assert!(end.parse::<Date>().is_ok(), "{ndc} {end}");
        }
    }
}

#[test]
fn the_same_drug_has_the_same_facts() {
    let drugs = drugs();
    let mut facts = BTreeMap::new();
    for drug in drugs.values() {
        let now = (&drug["class"], &drug["schedule"], &drug["mme"], &drug["unit"]);
        let known = facts.entry(equivalence(drug)).or_insert(now);
        // One maker's pen is priced by the millilitre, the others' by the pen.
        let same_unit = known.3 == now.3 || drug["ingredient"] == "adalimumab";
        assert!((known.0, known.1, known.2) == (now.0, now.1, now.2) && same_unit, "{drug:?}");
    }
}

#[test]
fn brands_and_their_generics_are_the_same_drug() {
    let drugs = drugs();
    let find = |name: &str| {
        let found = drugs.values().find(|drug| drug["name"] == name);
        found.unwrap_or_else(|| panic!("no {name}"))
    };
    for (brand, generic) in [
        ("Lipitor 10 mg tablet", "atorvastatin 10 mg tablet"),
        ("Lipitor 20 mg tablet", "atorvastatin 20 mg tablet"),
        ("Lipitor 40 mg tablet", "atorvastatin 40 mg tablet"),
        ("Lipitor 80 mg tablet", "atorvastatin 80 mg tablet"),
        ("Zocor 20 mg tablet", "simvastatin 20 mg tablet"),
        ("Norvasc 10 mg tablet", "amlodipine 10 mg tablet"),
        ("Zoloft 50 mg tablet", "sertraline 50 mg tablet"),
        ("Celexa 20 mg tablet", "citalopram 20 mg tablet"),
        ("Effexor XR 75 mg capsule", "venlafaxine 75 mg ER capsule"),
        ("Effexor XR 150 mg capsule", "venlafaxine 150 mg ER capsule"),
        ("Wellbutrin SR 150 mg tablet", "bupropion SR 150 mg tablet"),
        ("Toprol XL 50 mg tablet", "metoprolol succinate 50 mg ER tablet"),
        ("Toprol XL 100 mg tablet", "metoprolol succinate 100 mg ER tablet"),
        ("Lasix 40 mg tablet", "furosemide 40 mg tablet"),
        ("Celebrex 100 mg capsule", "celecoxib 100 mg capsule"),
        ("Celebrex 200 mg capsule", "celecoxib 200 mg capsule"),
        ("Lyrica 150 mg capsule", "pregabalin 150 mg capsule"),
        ("Xanax 0.5 mg tablet", "alprazolam 0.5 mg tablet"),
        ("Xanax 1 mg tablet", "alprazolam 1 mg tablet"),
        ("Ambien 10 mg tablet", "zolpidem 10 mg tablet"),
        ("Ambien CR 12.5 mg tablet", "zolpidem 12.5 mg ER tablet"),
        ("Synthroid 100 mcg tablet", "levothyroxine 100 mcg tablet"),
        ("Synthroid 125 mcg tablet", "levothyroxine 125 mcg tablet"),
        ("Viagra 100 mg tablet", "sildenafil 100 mg tablet"),
        ("Xalatan 0.005% eye drops", "latanoprost 0.005% eye drops"),
        ("Zithromax Z-Pak 250 mg tablet", "azithromycin 250 mg tablet"),
        ("CellCept 500 mg tablet", "mycophenolate mofetil 500 mg tablet"),
        ("Truvada 200-300 mg tablet", "emtricitabine-tenofovir DF 200-300 mg tablet"),
        ("Symbicort 160-4.5 mcg inhaler", "budesonide-formoterol 160-4.5 mcg inhaler"),
        ("Symbicort 80-4.5 mcg inhaler", "budesonide-formoterol 80-4.5 mcg inhaler"),
        ("Advair Diskus 100-50 mcg inhaler", "Wixela Inhub 100-50 mcg inhaler"),
        ("Advair Diskus 250-50 mcg inhaler", "Wixela Inhub 250-50 mcg inhaler"),
        ("Pacerone 200 mg tablet", "amiodarone 200 mg tablet"),
    ] {
        let (brand, generic) = (find(brand), find(generic));
        assert_eq!(equivalence(brand), equivalence(generic));
        assert_eq!((&*brand["kind"], &*generic["kind"]), ("brand", "generic"));
    }
}

#[test]
fn what_must_not_be_substituted_is_not_the_same_drug() {
    let drugs = drugs();
    for (one, other) in [
        ("bupropion SR 150 mg tablet", "bupropion XL 150 mg tablet"),
        ("morphine 15 mg tablet", "MS Contin 15 mg tablet"),
        ("zolpidem 10 mg tablet", "zolpidem 12.5 mg ER tablet"),
        ("Humalog KwikPen 100 unit/mL pen", "Lyumjev KwikPen 100 unit/mL pen"),
        ("Lantus 100 unit/mL vial", "Lantus SoloStar 100 unit/mL pen"),
        ("Absorica 40 mg capsule", "Claravis 40 mg capsule"),
        ("clozapine 100 mg tablet", "clozapine 100 mg ODT"),
        ("fluoxetine 20 mg tablet", "fluoxetine 20 mg capsule"),
        ("norethindrone 0.35 mg tablet", "norethindrone acetate 5 mg tablet"),
    ] {
        let find = |name| drugs.values().find(|drug| drug["name"] == name).expect("a drug");
        assert_ne!(equivalence(find(one)), equivalence(find(other)), "{one}");
    }
}

/// Morphine milligram equivalents of one unit, by the CDC's factors of 2022: hydrocodone 1,
/// methadone 4.7, morphine 1, oxycodone 1.5, tramadol 0.2.
#[test]
fn opioids_have_their_morphine_equivalents() {
    let drugs = drugs();
    let opioids = drugs.values().filter(|drug| drug["class"] == "opioid");
    let found: BTreeMap<_, _> = opioids.map(|drug| (&*drug["name"], &*drug["mme"])).collect();
    let expected = BTreeMap::from([
        ("MS Contin 15 mg tablet", "15"),
        ("MS Contin 30 mg tablet", "30"),
        ("OxyContin 10 mg tablet", "15"),
        ("OxyContin 20 mg tablet", "30"),
        ("OxyContin 40 mg tablet", "60"),
        ("hydrocodone-acetaminophen 10-325 mg tablet", "10"),
        ("methadone 10 mg tablet", "47"),
        ("methadone 10 mg/mL oral concentrate", "47"),
        ("methadone 5 mg tablet", "23.5"),
        ("morphine 15 mg tablet", "15"),
        ("oxycodone 5 mg/5 mL solution", "1.5"),
        ("oxycodone-acetaminophen 10-325 mg tablet", "15"),
        ("oxycodone-acetaminophen 5-325 mg tablet", "7.5"),
        ("tramadol 100 mg ER tablet", "20"),
        ("tramadol 50 mg tablet", "10"),
    ]);
    assert_eq!(found, expected);
    let others = drugs.values().filter(|drug| drug["class"] != "opioid");
    assert!(others.clone().all(|drug| drug["mme"].is_empty()));
    // Buprenorphine treats dependence: no equivalent, and not under the rules for pain.
    assert!(others.clone().any(|drug| drug["ingredient"] == "buprenorphine / naloxone"));
}

#[test]
fn the_formulary_names_drugs_that_are_there() {
    let text = fs::read_to_string(sample("formularies/cascade.toml")).expect("a formulary");
    let formulary: toml::Table = text.parse().expect("TOML");
    let drugs = drugs();
    let mut named = 0;
    for place in formulary["place"].as_array().expect("rows") {
        for drugs_of in [place.get("where"), place.get("step").and_then(|step| step.get("drugs"))] {
            let Some(selector) = drugs_of else { continue };
            for (column, wanted) in selector.as_table().expect("a selector") {
                let is_there = |word: &str| drugs.values().any(|drug| has(drug, column, word));
                for word in words(wanted) {
                    named += 1;
                    assert!(is_there(&word), "{column} `{word}` in {place}");
                }
            }
        }
    }
    assert!(named > 30, "{named} words");
}

fn words(value: &toml::Value) -> Vec<String> {
    match value {
        toml::Value::String(word) => vec![word.clone()],
        toml::Value::Array(list) => list.iter().flat_map(words).collect(),
        _ => Vec::new(),
    }
}

fn has(drug: &Row, column: &str, word: &str) -> bool {
    // Codeine stands in the tramadol row for books that have it.
    if word == "codeine" {
        return true;
    }
    match column {
        "brand" => drug["name"].starts_with(&format!("{word} ")) && drug["kind"] == "brand",
        "ingredient" => drug["ingredient"] == word,
        "any_ingredient" => {
            let mut ingredients = drug["ingredient"].split(" / ");
            ingredients.any(|own| own == word || own.starts_with(&format!("{word} ")))
        }
        "cost_30_over" | "cost_30_from" => true,
        other => drug[other] == word,
    }
}
