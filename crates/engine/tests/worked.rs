//! Numbers that others have published, each with its source, written down here as facts.
//!
//! Elsewhere: the bills of the Medicare Prescription Payment Plan in `payment_plan.rs`; other
//! payers in `tables/other_payers/secondary.txt` and a coupon in `tables/coupons.txt`. Left out is
//! what its publisher's own arithmetic contradicts ("Mary" of medicare.gov). The proportions of
//! days covered are in `adherence.rs`.
//!
//! Claims are priced by their usual charge where a published price is meant.

use openpbm_core::{Cents, Date, Percent};

use crate::books;
use crate::designs::book;
use crate::play::check_in;

const COMMERCIAL: &str = "plans/commercial.toml";
const PART_D: &str = "plans/part-d.toml";

/// The standard benefit of a year: cms.gov, Final CY 2025 Part D Redesign Program Instructions
/// (fact sheet), and the announcement of 2026 as q1medicare.com reprints it. The member pays all of
/// 590 (2025) or 615 (2026), a quarter until 2,000 or 2,100 are spent, then nothing. Of applicable
/// drugs the maker pays 10% and 20%, CMS 20% above the threshold, the plan 65% and 60%; of others
/// the plan 75% and 60%, CMS 40%; of selected drugs (from 2026 on) CMS 10% and 40%.
#[test]
fn part_d_divides_as_published() {
    // Of 10,000.00: 590.00, then (2000 - 590) / 25% = 5640.00, and 3770.00 above.
    let year_2025 = "[deductible]\nperson = \"590.00\"\n[part_d]\ndeductible = \"590.00\"\n\
                     threshold = \"2000.00\"\n";
    check_in(
        &book(PART_D, year_2025),
        "
# Maker 564.00 + 754.00; CMS 754.00; plan 3666.00 + 2262.00.
applicable | Paul | 2025-01-05 | Harborview | Humira 40 | 3 | 28 | 0 | usual=10000.00 |
  -> d | 10000.00 | 2000.00 | 590.00 | 5640.00 | 3770.00 | | 1318.00 | 754.00 | 5928.00 | | \
2000.00 | 10000.00
# CMS 40% of 3770.00; plan 4230.00 + 2262.00.
other | Paul | 2025-01-05 | Harborview | lisinopril 10 | 20000 | 30 | 0 | |
  -> d | 10000.00 | 2000.00 | 590.00 | 5640.00 | 3770.00 | | | 1508.00 | 6492.00 | | \
2000.00 | 10000.00
",
    );
    // Of 10,000.00: 615.00, then (2100 - 615) / 25% = 5940.00, and 3445.00 above.
    let selected = "[part_d]\nselected = { list = \"mfp\", subsidy = \"10%\" }\n";
    check_in(
        &book(PART_D, selected),
        "
# Maker 594.00 + 689.00; CMS 689.00; plan 3861.00 + 2067.00.
applicable | Grace | 01-05 | Harborview | Humira 40 | 3 | 28 | 0 | usual=10000.00 |
  -> d | 10000.00 | 2100.00 | 615.00 | 5940.00 | 3445.00 | | 1283.00 | 689.00 | 5928.00 | | \
2100.00 | 10000.00
# CMS 40% of 3445.00; plan 4455.00 + 2067.00.
other | Grace | 01-05 | Harborview | lisinopril 10 | 20000 | 30 | 0 | |
  -> d | 10000.00 | 2100.00 | 615.00 | 5940.00 | 3445.00 | | | 1378.00 | 6522.00 | | \
2100.00 | 10000.00
# CMS 10% of 5940.00 and 40% of 3445.00 = 594.00 + 1378.00; plan 3861.00 + 2067.00.
selected | Grace | 01-05 | Harborview | Eliquis 5 | 2600 | 30 | 0 | usual=10000.00 |
  -> d | 10000.00 | 2100.00 | 615.00 | 5940.00 | 3445.00 | | | 1972.00 | 5928.00 | | \
2100.00 | 10000.00
",
    );
}

/// Copays of 2026: 5.10 and 12.65 above 100% of poverty (insurasales.com); 1.60 and 4.90 for full
/// duals up to it (of which we read no publication ourselves); nothing in an institution. No
/// deductible, and nothing beyond the threshold, for any of them.
#[test]
fn low_income_copays_are_those_published() {
    check_in(
        &book(PART_D, ""),
        "
brand 1 | Peter | 01-05 | Harborview | Celebrex 200 | 60 | 30 | 0 | |
  -> d | 600.00 | 12.65 | 600.00 | | | 587.35 | | | | | 600.00 | 600.00
generic 1 | Peter | 01-05 | Harborview | lisinopril 10 | 30 | 30 | 0 | |
  -> d | 15.00 | 5.10 | 15.00 | | | 9.90 | | | | | 15.00 | 15.00
brand 2 | Saul | 01-05 | Harborview | Celebrex 200 | 60 | 30 | 0 | |
  -> d | 600.00 | 4.90 | 600.00 | | | 595.10 | | | | | 600.00 | 600.00
generic 2 | Saul | 01-05 | Harborview | lisinopril 10 | 30 | 30 | 0 | |
  -> d | 15.00 | 1.60 | 15.00 | | | 13.40 | | | | | 15.00 | 15.00
brand 3 | Vera | 01-05 | Harborview | Celebrex 200 | 60 | 30 | 0 | |
  -> d | 600.00 | 0.00 | 600.00 | | | 600.00 | | | | | 600.00 | 600.00
generic 3 | Vera | 01-05 | Harborview | lisinopril 10 | 30 | 30 | 0 | |
  -> d | 15.00 | 0.00 | 15.00 | | | 15.00 | | | | | 15.00 | 15.00
# 2100.00 less 12.65; 615.00 + 5940.00 + 1445.00 as without the subsidy.
threshold | Peter | 01-05 | Harborview | Humira 40 | 2 | 28 | 0 | |
  -> d | 8000.00 | 12.65 | 615.00 | 5940.00 | 1445.00 | 2087.35 | 883.00 | 289.00 | 4728.00 | | \
2100.00 | 8000.00
beyond | Peter | 02-05 | Harborview | lisinopril 10 | 30 | 30 | 0 | | threshold
  -> d | 15.00 | 0.00 | | | 15.00 | | | 6.00 | 9.00 | | 2100.00 | 8015.00
",
    );
}

/// A month of insulin costs the lesser of 35, 25% of the maximum fair price and 25% of the
/// negotiated price, and no deductible; recommended vaccines nothing (42 CFR 423.120(g) and (h)).
/// The published 119 of a month of Fiasp or NovoLog are taken to be a vial of 10 mL, 1,000 units:
/// the list does not say how much insulin a month is.
#[test]
fn insulin_and_vaccines_cost_what_the_law_says() {
    let lines = "[part_d]\n\
                 insulin = { where = { class = \"insulin\" }, a_month = \"35.00\", \
                 of_price = \"25%\" }\n\
                 vaccines = { where = { class = \"vaccine\" } }\n\
                 selected = { list = \"mfp\", subsidy = \"10%\" }\n";
    check_in(
        &book(PART_D, lines),
        "
# 25% of 360.00 = 90.00.
cap | Grace | 01-05 | Harborview | Lantus | 30 | 30 | 0 | |
  -> d | 360.00 | 35.00 | | 360.00 | | | | | 325.00 | | 35.00 | 360.00
# 25% of 120.00.
negotiated | Grace | 01-05 | Harborview | Lantus | 10 | 30 | 0 | |
  -> d | 120.00 | 30.00 | | 120.00 | | | | | 90.00 | | 30.00 | 120.00
# 25% of 119.00. Who has not met the deductible is no applicable beneficiary, so CMS pays nothing.
fair price | Grace | 01-05 | Harborview | NovoLog | 10 | 30 | 0 | |
  -> d | 119.00 | 29.75 | | 119.00 | | | | | 89.25 | | 29.75 | 119.00
the other | Grace | 01-05 | Harborview | Fiasp | 10 | 30 | 0 | |
  -> d | 119.00 | 29.75 | | 119.00 | | | | | 89.25 | | 29.75 | 119.00
# 25% of 238.00 = 59.50 in one month, which is limited to 35.00.
two vials | Grace | 01-05 | Harborview | NovoLog | 20 | 30 | 0 | |
  -> d | 238.00 | 35.00 | | 238.00 | | | | | 203.00 | | 35.00 | 238.00
# 60 days are two months, 2 x 35.00; 59.50 is below.
longer | Grace | 01-05 | Harborview | Fiasp | 20 | 60 | 0 | |
  -> d | 238.00 | 59.50 | | 238.00 | | | | | 178.50 | | 59.50 | 238.00
# 615.00 and 25% of 585.00; maker 58.50. Then CMS pays 10% of 119.00.
met | Grace | 01-06 | Harborview | Celebrex 200 | 120 | 30 | 0 | |
  -> d | 1200.00 | 761.25 | 615.00 | 585.00 | | | 58.50 | | 380.25 | | 761.25 | 1200.00
subsidized | Grace | 01-07 | Harborview | NovoLog | 10 | 30 | 0 | | met
  -> d | 119.00 | 29.75 | | 119.00 | | | | 11.90 | 77.35 | | 791.00 | 1319.00
vaccine | Grace | 01-05 | Harborview | Shingrix | 1 | 1 | 0 | |
  -> d | 200.00 | 0.00 | | 200.00 | | | | | 200.00 | | 0.00 | 200.00
",
    );
}

/// Medicare's list of 2024-08-15, as ajmassoc.com and deseret.com reprint it: what a 30-day supply
/// costs in 2026. The label's quantity of 30 days is 60 tablets of Eliquis and Entresto, 30 of the
/// others.
const FAIR_PRICES: [(&str, &str); 6] = [
    ("Eliquis", "231.00"),
    ("Entresto", "295.00"),
    ("Farxiga", "178.50"),
    ("Januvia", "113.00"),
    ("Jardiance", "197.00"),
    ("Xarelto", "197.00"),
];

#[test]
fn a_month_costs_the_maximum_fair_price() {
    let lines = "[part_d]\nselected = { list = \"mfp\", subsidy = \"10%\" }\n";
    check_in(
        &book(PART_D, lines),
        "
eliquis | Grace | 01-05 | Harborview | Eliquis 5 | 60 | 30 | 0 | |
  -> d | 231.00 | 231.00 | 231.00 | | | | | | | | 231.00 | 231.00
entresto | Grace | 01-05 | Harborview | Entresto 97 | 60 | 30 | 0 | |
  -> d | 295.00 | 295.00 | 295.00 | | | | | | | | 295.00 | 295.00
farxiga | Grace | 01-05 | Harborview | Farxiga 10 | 30 | 30 | 0 | |
  -> d | 178.50 | 178.50 | 178.50 | | | | | | | | 178.50 | 178.50
januvia | Grace | 01-05 | Harborview | Januvia 100 | 30 | 30 | 0 | |
  -> d | 113.00 | 113.00 | 113.00 | | | | | | | | 113.00 | 113.00
jardiance | Grace | 01-05 | Harborview | Jardiance 10 | 30 | 30 | 0 | |
  -> d | 197.00 | 197.00 | 197.00 | | | | | | | | 197.00 | 197.00
xarelto | Grace | 01-05 | Harborview | Xarelto 20 | 30 | 30 | 0 | |
  -> d | 197.00 | 197.00 | 197.00 | | | | | | | | 197.00 | 197.00
",
    );
}

/// The same list for drugs whose 30 days are no package: the price is for 30 days of the labelled
/// dose, and what a claim costs is as many thirtieths of it as the claim has days. That is an
/// assumption; CMS publishes unit prices for each package, which set real benefits. With it
///
/// - Imbruvica, 9,319: one tablet of 420 mg a day, so 9319.00 / 30 = 310.63333 a tablet;
/// - Enbrel, 2,355: 50 mg (1 mL) a week, so 4 mL are 28 days and cost 2355.00 x 28 / 30 = 2198.00,
///   549.50 a mL;
/// - Stelara, 4,695: 90 mg (1 mL) every 12 weeks, so 1 mL is 84 days and costs
///   4695.00 x 84 / 30 = 13146.00.
///
/// Each is above the deductible of 2026, so its price decides when the member is through: 615.00,
/// then a quarter until 2100.00. Makers of selected drugs pay nothing; CMS pays 10% and 40%.
#[test]
fn a_month_of_a_specialty_drug_costs_the_maximum_fair_price() {
    let lines = "[part_d]\nselected = { list = \"mfp\", subsidy = \"10%\" }\n";
    check_in(
        &book(PART_D, lines),
        "
# 310.63333 x 30 = 9318.9999; 615.00, (2100 - 615) / 25% = 5940.00, and 2764.00 above.
# CMS 594.00 + 1105.60; plan 3861.00 + 1658.40.
imbruvica | Grace | 01-05 | Harborview | Imbruvica 420 | 30 | 30 | 0 | |
  -> d | 9319.00 | 2100.00 | 615.00 | 5940.00 | 2764.00 | | | 1699.60 | 5519.40 | | \
2100.00 | 9319.00
# All of it above: CMS 40%, plan 60%.
imbruvica 2 | Grace | 02-04 | Harborview | Imbruvica 420 | 30 | 30 | 0 | | imbruvica
  -> d | 9319.00 | 0.00 | | | 9319.00 | | | 3727.60 | 5591.40 | | 2100.00 | 18638.00
# 615.00 + 25% of 1583.00; CMS 10% of 1583.00, plan 65%.
enbrel | Grace | 01-05 | Harborview | Enbrel 50 | 4 | 28 | 0 | |
  -> d | 2198.00 | 1010.75 | 615.00 | 1583.00 | | | | 158.30 | 1028.95 | | 1010.75 | 2198.00
# 25% of 2198.00.
enbrel 2 | Grace | 02-02 | Harborview | Enbrel 50 | 4 | 28 | 0 | | enbrel
  -> d | 2198.00 | 549.50 | | 2198.00 | | | | 219.80 | 1428.70 | | 1560.25 | 4396.00
# 2100.00 - 1560.25 = 539.75 are left, a quarter of 2159.00; 39.00 are above.
# CMS 215.90 + 15.60; plan 1403.35 + 23.40.
enbrel 3 | Grace | 03-02 | Harborview | Enbrel 50 | 4 | 28 | 0 | | enbrel 2
  -> d | 2198.00 | 539.75 | | 2159.00 | 39.00 | | | 231.50 | 1426.75 | | 2100.00 | 6594.00
# 615.00, 5940.00, and 6591.00 above: CMS 594.00 + 2636.40; plan 3861.00 + 3954.60.
stelara | Grace | 01-05 | Harborview | Stelara 90 | 1 | 84 | 0 | |
  -> d | 13146.00 | 2100.00 | 615.00 | 5940.00 | 6591.00 | | | 3230.40 | 7815.60 | | \
2100.00 | 13146.00
",
    );
}

/// The sample's list says the same of all its strengths.
#[test]
fn the_sample_has_the_maximum_fair_prices() {
    let book = books::sample();
    let day: Date = "2026-01-01".parse().unwrap();
    let drugs = book.drugs();
    let mut found = 0;
    for (list, id) in book.lists().iter().flat_map(|list| drugs.ids().map(move |id| (list, id))) {
        let (drug, product) = (drugs.drug(id).unwrap(), drugs.product(id).unwrap());
        let Some(price) = list.price(drug.ndc, day).filter(|_| *list.id == *"mfp") else {
            continue;
        };
        let (_, published) =
            FAIR_PRICES.iter().find(|(brand, _)| product.name.starts_with(brand)).unwrap();
        let whole: Percent = "100%".parse().unwrap();
        let month = price.unit.extend(whole, product.usual_30.unwrap()).unwrap();
        assert_eq!(month, published.parse::<Cents>().unwrap(), "{}", product.name);
        found += 1;
    }
    assert_eq!(found, 12);
}

/// myussbenefits.com/deductibles: 1,000 for a person and 2,000 for a family, then 90%. A spouse
/// spends 1,500, the others 500 together. Strictly embedded, the family has 1,000 + 500 of its
/// 2,000; the page counts 1,500 + 500 and calls it met. Which of them it is is a setting.
#[test]
fn an_embedded_deductible_counts_as_the_plan_says() {
    let strict = "[deductible]\nperson = \"1000.00\"\nfamily = \"2000.00\"\nkind = \"embedded\"\n\
                  [[share]]\ncoinsurance = \"10%\"\n";
    check_in(
        &book(COMMERCIAL, strict),
        "
# 1000.00 + 10% of 500.00.
spouse | Luis | 01-05 | Harborview | Eliquis 5 | 150 | 30 | 0 | |
  -> paid | 1500.00 | 1050.00 | 1000.00 | | 50.00 | | plan pays 450.00
thereafter | Luis | 01-05 | Harborview | Jardiance 10 | 30 | 30 | 0 | | spouse
  -> paid | 600.00 | 60.00 | | | 60.00 | | plan pays 540.00
one | Ana | 01-06 | Harborview | Jardiance 10 | 30 | 30 | 0 | usual=300.00 | spouse
  -> paid | 300.00 | 300.00 | 300.00 | | | | plan pays 0.00
other | Mia | 01-07 | Harborview | Jardiance 10 | 30 | 30 | 0 | usual=200.00 | one
  -> paid | 200.00 | 200.00 | 200.00 | | | | plan pays 0.00; deductible left 500.00
",
    );
    let counted = "[deductible]\nperson = \"1000.00\"\nfamily = \"2000.00\"\nkind = \"aggregate\"\n\
                   embedded_person = \"1500.00\"\n[[share]]\ncoinsurance = \"10%\"\n";
    check_in(
        &book(COMMERCIAL, counted),
        "
spouse | Luis | 01-05 | Harborview | Eliquis 5 | 150 | 30 | 0 | |
  -> paid | 1500.00 | 1500.00 | 1500.00 | | | | plan pays 0.00; deductible left 0.00
thereafter | Luis | 01-05 | Harborview | Jardiance 10 | 30 | 30 | 0 | | spouse
  -> paid | 600.00 | 60.00 | | | 60.00 | | plan pays 540.00
one | Ana | 01-06 | Harborview | Jardiance 10 | 30 | 30 | 0 | usual=300.00 | spouse
  -> paid | 300.00 | 300.00 | 300.00 | | | | plan pays 0.00
other | Mia | 01-07 | Harborview | Jardiance 10 | 30 | 30 | 0 | usual=200.00 | one
  -> paid | 200.00 | 200.00 | 200.00 | | | | plan pays 0.00; deductible left 0.00
met | Mia | 01-08 | Harborview | Eliquis 5 | 60 | 30 | 0 | | other
  -> paid | 600.00 | 60.00 | | | 60.00 | | plan pays 540.00
",
    );
}

/// illinoisinsurance.org: embedded, 5,000 for a person and 10,000 for a family. Who has met 5,000
/// is through; two such persons meet the family's.
#[test]
fn two_persons_meet_an_embedded_deductible() {
    let lines = "[deductible]\nperson = \"5000.00\"\nfamily = \"10000.00\"\nkind = \"embedded\"\n\
                 [[share]]\ncopay = \"0.00\"\n";
    check_in(
        &book(COMMERCIAL, lines),
        "
one | Luis | 01-05 | Summit | Humira 40 | 2 | 28 | 0 | |
  -> paid | 8000.00 | 5000.00 | 5000.00 | | | | plan pays 3000.00
two | Ana | 01-06 | Summit | Humira 40 | 2 | 28 | 0 | | one
  -> paid | 8000.00 | 5000.00 | 5000.00 | | | | plan pays 3000.00
three | Mia | 01-07 | Harborview | Jardiance 10 | 30 | 30 | 0 | | two
  -> paid | 600.00 | 0.00 | | | | | plan pays 600.00; deductible so far 0.00
",
    );
}

/// Aggregate, 5,000 for the family. myussbenefits.com/deductibles: 4,000 are spent, 3,800 of them
/// by one person, and the plan pays nothing. An insurer's blog: of one claim of 34,000 the first
/// 5,000 are the family's.
#[test]
fn an_aggregate_deductible_is_the_familys() {
    let lines = "[deductible]\nperson = \"2500.00\"\nfamily = \"5000.00\"\nkind = \"aggregate\"\n\
                 [[share]]\ncopay = \"0.00\"\n";
    check_in(
        &book(COMMERCIAL, lines),
        "
one | Luis | 01-05 | Summit | Humira 40 | 1 | 14 | 0 | usual=3800.00 |
  -> paid | 3800.00 | 3800.00 | 3800.00 | | | | plan pays 0.00
two | Ana | 01-06 | Harborview | Jardiance 10 | 30 | 30 | 0 | usual=200.00 | one
  -> paid | 200.00 | 200.00 | 200.00 | | | | plan pays 0.00; deductible left 1000.00
large | Luis | 01-05 | Summit | Humira 40 | 9 | 28 | 0 | usual=34000.00 |
  -> paid | 34000.00 | 5000.00 | 5000.00 | | | | plan pays 29000.00
",
    );
}

/// Morphine milligram equivalents of a milligram, in thousandths: CDC, Clinical Practice Guideline
/// for Prescribing Opioids (2022). Of fentanyl it is 2.4 a day for a microgram an hour.
const EQUIVALENTS: [(&str, u64); 10] = [
    ("codeine", 150),
    ("fentanyl", 2_400),
    ("hydrocodone", 1_000),
    ("hydromorphone", 5_000),
    ("methadone", 4_700),
    ("morphine", 1_000),
    ("oxycodone", 1_500),
    ("oxymorphone", 3_000),
    ("tapentadol", 400),
    ("tramadol", 200),
];

/// How many days a patch of fentanyl is worn.
const PATCH_DAYS: u64 = 3;

/// What a unit of each opioid comes to, in the sample and in the book of the designs.
#[test]
fn opioids_have_the_equivalents_of_2022() {
    let designs = book(COMMERCIAL, "");
    let mut seen = std::collections::BTreeSet::new();
    for book in [books::sample().as_ref(), &designs] {
        let drugs = book.drugs();
        for product in drugs.ids().map(|id| drugs.product(id).unwrap()) {
            let Some(mme) = product.mme else { continue };
            let text = |word| drugs.words().text(word);
            let parts =
                text(product.ingredient).split(" / ").zip(text(product.strength).split(" / "));
            let known = |(name, strength): (&str, &str)| {
                let (name, factor) = EQUIVALENTS.iter().find(|(known, _)| *known == name)?;
                Some((*name, factor * milligrams(strength)))
            };
            let (name, wanted) = parts.into_iter().find_map(known).unwrap();
            let worn = if name == "fentanyl" { PATCH_DAYS } else { 1 };
            assert_eq!(mme.thousandths(), wanted * worn, "{}", product.name);
            seen.insert(name);
        }
    }
    assert_eq!(seen.len(), EQUIVALENTS.len(), "{seen:?}");
}

/// `10 mg`, `10 mg/mL`, `5 mg/5 mL`, `25 mcg/hour`: whole units of mass in one unit.
fn milligrams(strength: &str) -> u64 {
    let (mass, per) = strength.split_once('/').unwrap_or((strength, "mL"));
    let number = |text: &str| text.split(' ').next().and_then(|word| word.parse().ok());
    let (mass, per): (u64, u64) = (number(mass).unwrap(), number(per).unwrap_or(1));
    assert_eq!(mass % per, 0, "{strength}");
    mass / per
}

/// The guideline's examples: hydrocodone 5 mg four times a day is 20, oxycodone ER 10 mg twice a
/// day is 30. A patch of 25 micrograms an hour is 60: 10 of them in 30 days, and not the 504 that
/// was reported as a mistake elsewhere (cqf-ruler, issue 23).
#[test]
fn a_day_of_opioids_comes_to_what_is_published() {
    let place = "[[place]]\nname = \"opioids\"\nwhere = { class = \"opioid\" }\n\
                 mme_a_day = \"1000\"\n";
    check_in(
        &book("formularies/designs.toml", place),
        "
hydrocodone | Ana | 01-05 | Harborview | hydrocodone 5 | 120 | 30 | 0 | |
  -> paid | 60.00 | 12.00 | | | 12.00 | | 20 MME a day is below
oxycodone | Ana | 01-05 | Harborview | OxyContin 10 | 60 | 30 | 0 | |
  -> paid | 300.00 | 60.00 | | | 60.00 | | 30 MME a day is below
fentanyl | Ana | 01-05 | Harborview | fentanyl 25 | 10 | 30 | 0 | |
  -> paid | 200.00 | 40.00 | | | 40.00 | | 60 MME a day is below
",
    );
}
