//! What a member owes once a claim is decided again that others paid a part of: nothing that other
//! payers or a coupon paid, nor what another payer is to pay back.

use std::sync::Arc;

use openpbm_book::Book;
use openpbm_core::{
    Cents, Claim, Compound, Coupon, Coverage, Details, During, Ingredient, Member, Ndc,
    OtherCoverage, OtherPayer, PayerKind, PayerOrder, QualifiedAmount, Quantity,
};
use openpbm_engine::transaction::Request;

use crate::reprocessing::{claim, patient, put_right, said, until};
use crate::tables::notation::date;
use crate::workload::Carried;
use crate::{books, cast};

/// The PPO shares claims, counts coupons, and covers compounds, as Medicaid does. No list of
/// Medicaid's network has any generic, and that network alone pays sales tax.
fn book() -> Arc<Book> {
    let of_ppo = "compounds = \"most-expensive\"\n\n[coordination]\nmethod = \"standard\"\n\
                  accepts = [2, 8]\non_file = \"refuse\"\n\n[coupon]\ncounts = \"always\"\n\n\
                  [deductible]";
    let medicaid = "name = \"Cascade Medicaid 2026\"";
    let terms = "name = \"Medicaid\"\nfrom = 2026-01-01\n\
                 brand = [{ list = \"nadac\", rate = \"100%\" }]\ngeneric = [{ list = \"";
    let tax = "sales_tax = { rate = \"7%\" }\n";
    Arc::new(books::with(&[
        ("plans/ppo.toml", "[deductible]", of_ppo),
        ("plans/medicaid.toml", medicaid, &format!("{medicaid}\ncompounds = \"most-expensive\"")),
        ("networks.toml", &format!("{terms}nadac"), &format!("{tax}{terms}mfp")),
    ]))
}

fn family(member: &str) -> Carried {
    Carried::under(book(), cast::on_card(cast::person(member).card))
}

/// Enrolls a member with something changed.
fn change(carried: &mut Carried, member: &str, change: impl FnOnce(&mut Member)) {
    let mut member = cast::person(member).member.clone();
    change(&mut member);
    carried.ask(&Request::Enrollment(vec![member]));
}

fn moved(carried: &mut Carried, member: &str, group: &str) {
    change(carried, member, |member| {
        let from = member.coverage[0].from;
        member.coverage = vec![Coverage { group: group.parse().unwrap(), from, to: None }];
    });
}

/// Of a usual charge of 125.00 another payer paid 75.00.
fn shared(prescription: u64) -> Claim {
    let paid = vec![QualifiedAmount { qualifier: 7, amount: Cents::new(7_500) }];
    let payer = OtherPayer { coverage_type: 1, paid, ..OtherPayer::default() };
    Claim {
        other_coverage: Some(2),
        usual_and_customary: Some(Cents::new(12_500)),
        details: Details { other_payers: vec![payer], ..Details::default() },
        ..claim("Ana", "01-06", "Januvia 100", prescription)
    }
}

/// A coupon pays 100.00.
fn with_coupon(claim: Claim) -> Claim {
    let value = Some(Cents::new(10_000));
    let coupon = Coupon { kind: 1, number: "SAVE1".to_owned(), value };
    Claim { details: Details { coupon: Some(coupon), ..Details::default() }, ..claim }
}

#[test]
fn another_payer_that_turns_out_to_be_first_pays_the_plan_back() {
    let mut dana = family("Dana");
    // Januvia, 319.80 at most, and 10.50; Medicaid's copay for a brand.
    let first = patient(&mut dana, &claim("Dana", "01-05", "Januvia 100", 1));
    change(&mut dana, "Dana", |member| {
        member.circumstances.other_coverage.push(During {
            what: OtherCoverage {
                payer: "Northern Mutual".to_owned(),
                kind: PayerKind::Commercial,
                pays: PayerOrder::Before,
                bin: None,
                pcn: None,
                cardholder: None,
            },
            from: None,
            to: None,
        });
    });
    let adjustments = put_right(&mut dana);
    // The member owes no more than at the counter, and the plan knows whom to ask.
    assert_eq!(said(&adjustments), [format!("1: {first}, 0.00")]);
    assert!(adjustments[0].adjudication.paid().unwrap().coordination.recover);
    assert_eq!(put_right(&mut dana), []);
}

#[test]
fn what_another_payer_paid_is_not_asked_of_a_member_who_was_not_covered() {
    let mut ana = family("Ana");
    // 125.00 lie in the deductible; 75.00 of it are paid.
    assert_eq!(patient(&mut ana, &shared(1)), "50.00");
    ana.ask(&until("Ana", Some("01-05")));
    assert_eq!(said(&put_right(&mut ana)), ["1: 69, 0.00"]);
}

#[test]
fn a_plan_that_shares_nothing_takes_what_others_paid_all_the_same() {
    let mut ana = family("Ana");
    assert_eq!(patient(&mut ana, &shared(1)), "50.00");
    // The high deductible has room for all of it, too.
    moved(&mut ana, "Ana", "CSCHDHP");
    let adjustments = put_right(&mut ana);
    assert_eq!(said(&adjustments), ["1: 50.00, 0.00"]);
    let paid = adjustments[0].adjudication.paid().unwrap();
    assert_eq!(paid.coordination.other_payers, Cents::new(7_500));
    assert_eq!(paid.plan_pays().unwrap(), Cents::ZERO);
}

#[test]
fn a_plan_of_part_d_asks_nobody_for_what_others_paid() {
    let mut ana = family("Ana");
    assert_eq!(patient(&mut ana, &shared(1)), "50.00");
    // All of 125.00 lies in the standard deductible, and 75.00 of it are paid.
    moved(&mut ana, "Ana", "CSCPDP");
    assert_eq!(said(&put_right(&mut ana)), ["1: 125.00, 0.00"]);
}

#[test]
fn nobody_is_refunded_what_a_coupon_paid() {
    let mut ana = family("Ana");
    // 250.00 and 45.00, of which the coupon pays 100.00 and Ana 195.00.
    let later = with_coupon(claim("Ana", "02-06", "Januvia 100", 1));
    assert_eq!(patient(&mut ana, &later), "295.00");
    let early = Claim { received: date("02-07"), ..claim("Ana", "01-05", "Jardiance 10", 2) };
    assert_eq!(patient(&mut ana, &early), "45.00");
    // The deductible was Jardiance's; of Januvia's 45.00 the coupon has paid all.
    let adjustments = put_right(&mut ana);
    assert_eq!(said(&adjustments), ["2: 295.00, 250.00", "1: 45.00, -195.00"]);
    let coupon = |of: usize| adjustments[of].adjudication.paid().unwrap().coordination.coupon;
    assert_eq!(coupon(1), Cents::new(4_500));
    // Not covered after all, Ana owes 321.30 less 100.00.
    ana.ask(&until("Ana", Some("01-06")));
    assert_eq!(said(&put_right(&mut ana)), ["1: 69, 221.30"]);
}

#[test]
fn a_coupon_pays_no_more_than_it_did_when_the_share_grows() {
    let mut ana = family("Ana");
    let first = claim("Ana", "01-05", "Jardiance 10", 1);
    assert_eq!(patient(&mut ana, &first), "295.00");
    let second = with_coupon(claim("Ana", "01-06", "Januvia 100", 2));
    assert_eq!(patient(&mut ana, &second), "45.00");
    ana.ask(&Request::Reversal(crate::workload::reversal(&first.key)));
    let adjustments = put_right(&mut ana);
    assert_eq!(said(&adjustments), ["2: 295.00, 250.00"]);
    let coupon = adjustments[0].adjudication.paid().unwrap().coordination.coupon;
    assert_eq!(coupon, Cents::new(4_500));
    // Nor does a plan that looks at no coupons give it back.
    moved(&mut ana, "Ana", "CSCHDHP");
    let adjustments = put_right(&mut ana);
    assert_eq!(said(&adjustments), ["2: 321.30, 26.30"]);
    assert_eq!(adjustments[0].adjudication.paid().unwrap().coordination.coupon, coupon);
}

#[test]
fn what_was_dispensed_needs_no_price_by_another_contract() {
    let mut ana = family("Ana");
    // Nor the rate of a tax (483-HE), which the first network does not pay.
    let mut taxed = claim("Ana", "01-05", "lisinopril 10", 1);
    taxed.details.charges.percentage_tax = Some(Cents::new(1));
    patient(&mut ana, &taxed);
    let part = |drug: &str, units| Ingredient {
        ndc: cast::drug(drug),
        quantity: Quantity::units(units),
        cost: None,
        cost_basis: None,
    };
    let ingredients = vec![part("metformin 500", 60), part("topiramate ER 50", 1)];
    let compound = Some(Compound { ingredients, ..Compound::default() });
    let mut mixed = claim("Ana", "01-05", "lisinopril 10", 2);
    mixed.drug.ndc = Ndc::NONE;
    (mixed.compound, mixed.details.compound) = (true, compound);
    patient(&mut ana, &mixed);
    let before: Vec<_> = ana.family.fills.iter().map(|fill| fill.paid).collect();
    moved(&mut ana, "Ana", "CSCMCD");
    let adjustments = put_right(&mut ana);
    let now = ana.family.fills.iter().map(|fill| fill.paid);
    assert_eq!(now.len(), 2, "{:?}", said(&adjustments));
    for (now, before) in now.zip(before) {
        assert_eq!(now.group.as_str(), "CSCMCD");
        assert_eq!(now.price(), before.price());
        // What decided still does: no list makes another the most expensive.
        assert_eq!(now.compound, before.compound);
    }
}
