//! The model itself, on claims of the sample that anyone can compute: a second opinion that is
//! wrong in the same way as the first would be worth nothing.

use openpbm_core::{
    BillingKey, Cents, Claim, Completed, Date, DrugUse, Member, PartialFill, PrescriptionNumber,
    Quantity, Reversal,
};
use openpbm_model::{Answer, Change, Documents, Event, Household, Rules, Status};

use crate::setting::sample;

/// Ana Rivera, alone, in the commercial PPO.
fn member() -> Member {
    toml::from_str(
        r#"
        person_code = "01"
        first_name = "Ana"
        last_name = "Rivera"
        birth = "1984-03-12"
        sex = "female"
        relationship = "subscriber"
        coverage = [{ group = "CSCPPO", from = "2026-01-01" }]
        "#,
    )
    .unwrap()
}

fn claim(date: &str, ndc: &str, units: u32, days: u16) -> Claim {
    let date: Date = date.parse().unwrap();
    Claim {
        key: BillingKey {
            pharmacy: "1999000015".parse().unwrap(),
            prescription: PrescriptionNumber::new(1).unwrap(),
            fill: 0,
            date_of_service: date,
        },
        received: date,
        group: None,
        cardholder: "CSC100001".parse().unwrap(),
        person_code: Some("01".parse().unwrap()),
        birth: "1984-03-12".parse().unwrap(),
        sex: None,
        pregnant: false,
        prescriber: "1999000114".parse().unwrap(),
        drug: DrugUse {
            ndc: ndc.parse().unwrap(),
            quantity: Quantity::units(units),
            days_supply: days,
        },
        daw: 0,
        compound: false,
        other_coverage: None,
        usual_and_customary: None,
        gross_amount_due: Cents::new(10_000_000),
        diagnoses: Vec::new(),
        dur_overrides: Vec::new(),
        details: openpbm_core::Details::default(),
    }
}

/// The answers to claims of one family, in order.
fn play(claims: impl IntoIterator<Item = Claim>) -> Vec<Answer> {
    play_by(&sample(), claims.into_iter().map(|claim| Event::Bill(Box::new(claim))))
}

fn play_by(book: &Documents, events: impl IntoIterator<Item = Event>) -> Vec<Answer> {
    let rules = Rules::read(book).unwrap();
    let mut household = Household::new(vec![member()]);
    events.into_iter().map(|event| household.meet(&rules, &event).answer).collect()
}

const ELIQUIS: &str = "00003089421";
const ZOLPIDEM: &str = "00093007401";

#[test]
fn a_brand_across_the_deductible() {
    // 5.52654 x 1.01 x 60 = 334.908324 and a fee of 1.50: 336.41. The deductible takes 250.00 of
    // it; 86.41 are left, of which tier 3 takes 45.00.
    let answers = play([claim("2026-01-05", ELIQUIS, 60, 30)]);
    let paid = answers[0].paid.unwrap();
    assert_eq!([paid.ingredient_cost, paid.dispensing_fee].map(Cents::get), [33_491, 150]);
    assert_eq!([paid.deductible, paid.copay].map(Cents::get), [25_000, 4_500]);
    assert_eq!(paid.remaining_deductible, Some(Cents::ZERO));
    assert_eq!(paid.remaining_out_of_pocket, Some(Cents::new(270_500)));
}

#[test]
fn a_refill_is_possible_on_the_day_that_three_quarters_are_used() {
    // Three quarters of 30 days are 22.5: on the 23rd day after January 5, that is January 28.
    let fill = |date: &str, number| {
        let mut claim = claim(date, ELIQUIS, 60, 30);
        claim.key.fill = number;
        claim
    };
    let answers = play([fill("2026-01-05", 0), fill("2026-01-27", 1), fill("2026-01-28", 1)]);
    let status: Vec<_> = answers.iter().map(|answer| answer.status).collect();
    assert_eq!(status, [Status::Paid, Status::Rejected, Status::Paid]);
    assert_eq!(answers[1].next_fill, Some("2026-01-28".parse().unwrap()));
}

#[test]
fn thirty_tablets_in_thirty_days() {
    let answers =
        play([claim("2026-02-01", ZOLPIDEM, 31, 30), claim("2026-02-01", ZOLPIDEM, 30, 30)]);
    let codes: Vec<_> = answers[0].rejects.iter().map(|code| code.code()).collect();
    assert_eq!((codes.as_slice(), answers[1].status), (["9G"].as_slice(), Status::Paid));
}

/// A part of 60 tablets for 30 days.
fn part(date: &str, units: u32, days: u16, first: Option<&str>) -> Claim {
    let mut claim = claim(date, ELIQUIS, units, days);
    let completes = first.map(|date| Completed {
        prescription: claim.key.prescription,
        date_of_service: date.parse().unwrap(),
    });
    let quantity_intended = Quantity::units(60);
    claim.details.partial = Some(PartialFill { quantity_intended, days_intended: 30, completes });
    claim
}

#[test]
fn a_fill_in_two_parts_shares_fee_and_copay() {
    let mut book = sample();
    let shared: toml::Table =
        toml::from_str("dispensing_fee = 'shared'\ncopay = 'shared'").unwrap();
    Change::apply(&[Change::set("plans/ppo.toml", &["partial_fills"], shared)], &mut book).unwrap();
    let first = part("2026-01-05", 20, 10, None);
    let rest = part("2026-01-08", 40, 20, Some("2026-01-05"));
    let mut refill = claim("2026-01-27", ELIQUIS, 60, 30);
    refill.key.fill = 1;
    let bill = |claim: &Claim| Event::Bill(Box::new(claim.clone()));
    let back = Event::Reverse(Reversal::of_rebill(&first));
    let answers = play_by(&book, [bill(&first), bill(&rest), bill(&rest), back, bill(&refill)]);
    let amounts = |answer: &Answer| {
        let paid = answer.paid.unwrap();
        [paid.ingredient_cost, paid.dispensing_fee, paid.deductible, paid.copay].map(Cents::get)
    };
    // 5.52654 x 1.01 x 20 = 111.636108 and a third of the fee: the deductible takes it all.
    assert_eq!(amounts(&answers[0]), [11_164, 50, 11_214, 0]);
    // 223.272216 and the rest of the fee: 137.86 of deductible are left, and two thirds of 45.00.
    assert_eq!(amounts(&answers[1]), [22_327, 100, 13_786, 3_000]);
    let brief: Vec<_> = answers[2..].iter().map(Answer::brief).collect();
    assert_eq!(brief, ["D 167.86", "R RP", "R 79 from 2026-01-28"]);
}
