//! The engine against the model: thousands of generated claims, to the cent.

use openpbm_core::{Cents, Claim, Family, Paid};
use openpbm_engine::transaction::Answer;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

use crate::model::{Costs, Model, Money};
use crate::workload::{self, Carried};

/// Plays families through the engine and the model; how many claims were paid, and what differed.
fn compare(group: &str, families: usize) -> (Vec<Costs>, Vec<String>) {
    let mut runner = TestRunner::deterministic();
    let strategy = (workload::household(group), workload::claims(120));
    let (mut paid, mut wrong) = (Vec::new(), Vec::new());
    for _ in 0..families {
        let (members, sketches) = strategy.new_tree(&mut runner).unwrap().current();
        let mut carried = Carried::new(members);
        let mut model = Model::default();
        for sketch in &sketches {
            let claim = sketch.claim(&carried.family);
            let Answer::Decided { adjudication, .. } = carried.bill(&claim) else { continue };
            let Some(found) = adjudication.paid() else { continue };
            let age = age(&carried.family, &claim);
            let expected = if group == "CSCPPO" {
                model.ppo(&claim, age)
            } else {
                model.medicaid(&claim, age)
            };
            let found = costs(found);
            paid.push(expected);
            if found != expected {
                wrong.push(format!("{claim:?}\n  expected {expected:?}\n  found    {found:?}"));
                break;
            }
        }
    }
    (paid, wrong)
}

fn costs(paid: &Paid) -> Costs {
    let money = |cents: Cents| Money::from(cents.get());
    Costs {
        price: money(paid.price().unwrap()),
        deductible: money(paid.deductible),
        copay: money(paid.copay),
        coinsurance: money(paid.coinsurance),
        selection: money(paid.product_selection),
        patient: money(paid.patient_pay().unwrap()),
        plan: money(paid.plan_pays().unwrap()),
        deductible_so_far: money(paid.accumulated_deductible),
        deductible_left: paid.remaining_deductible.map(money),
        pocket_so_far: money(paid.accumulated_out_of_pocket),
        pocket_left: paid.remaining_out_of_pocket.map(money),
    }
}

fn age(family: &Family, claim: &Claim) -> i32 {
    let member = family.members.iter().find(|m| Some(m.person_code) == claim.person_code).unwrap();
    claim.key.date_of_service.age_on(member.birth)
}

#[test]
fn the_ppo_costs_what_the_model_says() {
    let (paid, wrong) = compare("CSCPPO", 80);
    assert!(wrong.is_empty(), "{} families differ, the first:\n{}", wrong.len(), wrong[0]);
    let count = |fits: fn(&Costs) -> bool| paid.iter().filter(|costs| fits(costs)).count();
    let seen = [
        ("paid", count(|_| true), 3000),
        (
            "crossing the deductible",
            count(|c| c.deductible > 0 && c.copay + c.coinsurance > 0),
            100,
        ),
        ("at the maximum", count(|c| c.pocket_left == Some(0) && c.patient == 0), 100),
        ("reaching the maximum", count(|c| c.pocket_left == Some(0) && c.patient > 0), 30),
        ("coinsurance", count(|c| c.coinsurance > 0), 300),
        ("choosing a brand", count(|c| c.selection > 0), 50),
        ("held to the price", count(|c| c.patient == c.price), 100),
    ];
    for (what, found, least) in seen {
        assert!(found >= least, "only {found} claims {what}; {seen:?}");
    }
}

#[test]
fn medicaid_costs_what_the_model_says() {
    let (paid, wrong) = compare("CSCMCD", 30);
    assert!(wrong.is_empty(), "{} families differ, the first:\n{}", wrong.len(), wrong[0]);
    assert!(paid.len() >= 500, "only {} claims paid", paid.len());
}
