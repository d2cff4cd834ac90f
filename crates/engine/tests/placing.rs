//! The formulary's tiers once more, read from the sample's prose and raw tables: by rule, then by
//! name. Nothing here comes from the compiled book.

use std::collections::HashMap;
use std::sync::LazyLock;

use openpbm_core::Ndc;

use crate::books::SAMPLE;

/// A row of the sample's drugs, with its price.
#[derive(Debug, Clone)]
pub(crate) struct Drug {
    pub(crate) ndc: Ndc,
    pub(crate) name: String,
    pub(crate) ingredient: String,
    pub(crate) strength: String,
    pub(crate) form: String,
    pub(crate) class: String,
    pub(crate) brand: bool,
    pub(crate) otc: bool,
    /// Units of a usual 30-day supply, in thousandths.
    pub(crate) usual_30: i128,
    /// NADAC for a unit, in hundred-thousandths of a dollar.
    pub(crate) nadac: Option<i128>,
    /// The maximum allowable cost, likewise.
    pub(crate) mac: Option<i128>,
}

pub(crate) fn drugs() -> &'static [Drug] {
    static DRUGS: LazyLock<Vec<Drug>> = LazyLock::new(|| {
        let (nadac, mac) = (prices("nadac"), prices("mac"));
        let rows = table("drugs/sample.csv").into_iter();
        rows.map(|row| Drug {
            nadac: nadac.get(&row["ndc"]).copied(),
            mac: mac.get(&row["ndc"]).copied(),
            ndc: row["ndc"].parse().unwrap(),
            name: row["name"].to_lowercase(),
            ingredient: row["ingredient"].clone(),
            strength: row["strength"].clone(),
            form: row["form"].clone(),
            class: row["class"].clone(),
            brand: row["kind"] == "brand",
            otc: row["otc"] == "true",
            usual_30: decimal(&row["usual_30"], 3),
        })
        .collect()
    });
    &DRUGS
}

fn prices(list: &str) -> HashMap<String, i128> {
    let rows = table(&format!("prices/{list}.csv")).into_iter();
    rows.map(|row| (row["ndc"].clone(), decimal(&row["unit_price"], 5))).collect()
}

fn table(path: &str) -> Vec<HashMap<String, String>> {
    let mut rows = csv::Reader::from_path(format!("{SAMPLE}/{path}")).unwrap();
    rows.deserialize().map(Result::unwrap).collect()
}

/// A decimal as an integer of so many decimals.
fn decimal(text: &str, decimals: usize) -> i128 {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    format!("{whole}{part:0<decimals$}").parse().unwrap()
}

impl Drug {
    /// What 30 days cost by the list, in hundred-millionths of a dollar.
    fn cost_30(&self) -> i128 {
        self.nadac.unwrap_or(0) * self.usual_30
    }

    /// The generics that a patient could have instead of it.
    pub(crate) fn generics(&self) -> impl Iterator<Item = &'static Drug> {
        let same = |other: &&Drug| {
            (&other.ingredient, &other.strength, &other.form)
                == (&self.ingredient, &self.strength, &self.form)
        };
        drugs().iter().filter(same).filter(|other| !other.brand && !other.otc)
    }

    fn is_named(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.name.starts_with(name))
    }

    /// The tier for a patient of that age; `None` if it is not on the formulary.
    pub(crate) fn tier(&self, age: i32) -> Option<u8> {
        const DOLLARS: i128 = 100_000_000;
        let preventive = if (40..=75).contains(&age) { 0 } else { 1 };
        let generic = |names: &[&str]| !self.brand && names.contains(&self.ingredient.as_str());
        // By name.
        if self.is_named(&["eliquis", "jardiance", "ozempic", "lantus", "entresto", "farxiga"]) {
            return Some(3);
        }
        if generic(&["atorvastatin", "pravastatin"])
            || (generic(&["simvastatin"]) && ["20 mg", "40 mg"].contains(&self.strength.as_str()))
        {
            return Some(preventive);
        }
        let prep = "emtricitabine / tenofovir disoproxil fumarate";
        if (!self.brand && self.class == "contraceptive") || generic(&["folic acid", prep]) {
            return Some(0);
        }
        if ["adalimumab", "etanercept", "ustekinumab"].contains(&self.ingredient.as_str()) {
            return Some(5);
        }
        if generic(&["zolpidem"]) || (generic(&["sumatriptan"]) && self.form.starts_with("tablet"))
        {
            return Some(1);
        }
        if self.class == "insulin" {
            return Some(3);
        }
        // By rule.
        match () {
            () if self.otc => None,
            () if self.cost_30() >= 950 * DOLLARS => Some(5),
            () if self.brand && self.generics().next().is_some() => Some(4),
            () if self.brand => Some(3),
            () if self.cost_30() > 50 * DOLLARS => Some(2),
            () => Some(1),
        }
    }
}

#[test]
fn the_compiled_formulary_places_drugs_as_the_prose_does() {
    let book = crate::books::sample();
    let formulary = &book.formularies()[0].rows()[0].1;
    let wrong: Vec<_> = drugs()
        .iter()
        .filter_map(|drug| {
            let placed = formulary.placement(book.drugs().find(drug.ndc).unwrap());
            let placed = placed.filter(|placement| placement.excluded.is_none());
            let found = |age: i32| {
                let preventive = placed?.preventive.as_ref().map(|rule| &rule.value);
                match preventive.filter(|p| (i32::from(p.from)..=i32::from(p.to)).contains(&age)) {
                    Some(rule) => Some(rule.tier),
                    None => placed?.tier.as_ref().map(|tier| tier.value),
                }
            };
            let excluded = ["cosmetic", "weight loss", "infertility"];
            let expected = |age| drug.tier(age).filter(|_| !excluded.contains(&&*drug.class));
            let ages = [39, 40, 75, 76];
            let pairs = ages.map(|age| (expected(age), found(age)));
            pairs.iter().any(|(a, b)| a != b).then(|| format!("{}: {pairs:?}", drug.name))
        })
        .collect();
    assert!(wrong.is_empty(), "(expected, found) at 39, 40, 75, 76:\n{}", wrong.join("\n"));
}
