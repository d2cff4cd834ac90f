//! The money once more, from the sample's prose alone: short, naive, in plain integers. It does
//! not know whether a claim is paid, only what a paid one costs.

use std::collections::HashMap;

use openpbm_core::{Claim, PersonCode};

use crate::placing::{Drug, drugs};

/// Cents.
pub(crate) type Money = i128;

const DOLLAR: Money = 100;

/// What a claim costs, and where the person stands after it.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Costs {
    pub(crate) price: Money,
    pub(crate) deductible: Money,
    pub(crate) copay: Money,
    pub(crate) coinsurance: Money,
    pub(crate) selection: Money,
    pub(crate) patient: Money,
    pub(crate) plan: Money,
    pub(crate) deductible_so_far: Money,
    pub(crate) deductible_left: Option<Money>,
    pub(crate) pocket_so_far: Money,
    pub(crate) pocket_left: Option<Money>,
}

/// What each person has paid: toward the deductible, and out of pocket.
#[derive(Default)]
pub(crate) struct Model(HashMap<PersonCode, (Money, Money)>);

fn drug_of(claim: &Claim) -> &'static Drug {
    drugs().iter().find(|drug| drug.ndc == claim.drug.ndc).unwrap()
}

/// The contract price of a drug in the claim's quantity at its pharmacy.
fn contract(drug: &Drug, claim: &Claim, medicaid: bool) -> Money {
    // Brand and generic in percent of NADAC, the fee, and whether there is a MAC.
    let (brand, generic, fee, mac) = match (claim.key.pharmacy.number(), medicaid) {
        (_, true) => (100, 100, 1050, false),
        (1999000015, _) => (101, 100, 150, true),
        (1999000023, _) => (103, 102, 100, true),
        (1999000031, _) => (99, 98, 0, false),
        (_, _) => (100, 100, 0, false),
    };
    let (unit, rate) = match (drug.brand, drug.mac.filter(|_| mac)) {
        (false, Some(mac)) => (mac, 100),
        (false, None) => (drug.nadac.unwrap(), generic),
        (true, _) => (drug.nadac.unwrap(), brand),
    };
    // Five, two and three decimals of a dollar: eight beyond the cent.
    let exact = unit * rate * Money::from(claim.drug.quantity.thousandths());
    (exact + 50_000_000) / 100_000_000 + fee
}

fn price(claim: &Claim, medicaid: bool) -> Money {
    let mut lowest = contract(drug_of(claim), claim, medicaid);
    for charge in claim.usual_and_customary.into_iter().chain([claim.gross_amount_due]) {
        lowest = lowest.min(Money::from(charge.get()));
    }
    lowest
}

fn percent(amount: Money, rate: Money) -> Money {
    (amount * rate + 50) / 100
}

impl Model {
    /// A claim under the PPO by a patient of that age.
    pub(crate) fn ppo(&mut self, claim: &Claim, age: i32) -> Costs {
        let (drug, price) = (drug_of(claim), price(claim, false));
        let tier = drug.tier(age).unwrap();
        let person = self.0.get(&claim.person_code.unwrap()).copied().unwrap_or_default();
        let family = self.0.values().fold((0, 0), |sum, p| (sum.0 + p.0, sum.1 + p.1));
        let left = |limit: (Money, Money), person: Money, family: Money| {
            (limit.0 - person).min(limit.1 - family)
        };

        let mut costs = Costs { price, ..Costs::default() };
        if claim.daw == 2 && drug.brand {
            let generics = drug.generics().filter(|generic| generic.nadac.is_some());
            if let Some(generic) = generics.map(|generic| contract(generic, claim, false)).min() {
                let difference = (contract(drug, claim, false) - generic).max(0);
                costs.selection = difference.min(price);
            }
        }
        if tier >= 3 {
            let open = left((250 * DOLLAR, 500 * DOLLAR), person.0, family.0);
            costs.deductible = open.min(price - costs.selection);
        }
        let rest = price - costs.deductible;
        let mail = claim.key.pharmacy.number() == 1999000031;
        let times = match claim.drug.days_supply {
            _ if mail => 1,
            ..=34 => 1,
            35..=60 => 2,
            _ => 3,
        };
        match (tier, mail) {
            (0, _) => {}
            (1, false) => costs.copay = 10 * DOLLAR * times,
            (1, true) => costs.copay = 25 * DOLLAR,
            (2, false) => costs.copay = 20 * DOLLAR * times,
            (2, true) => costs.copay = 50 * DOLLAR,
            (3, false) => costs.copay = 45 * DOLLAR * times,
            (3, true) => costs.copay = 112 * DOLLAR + 50,
            (4, false) => costs.coinsurance = percent(rest, 40).min(250 * DOLLAR * times),
            (4, true) => costs.coinsurance = percent(rest, 40).min(500 * DOLLAR),
            _ => {
                costs.coinsurance =
                    percent(rest, 25).max(100 * DOLLAR * times).min(350 * DOLLAR * times)
            }
        }
        costs.copay = costs.copay.min(rest - costs.selection);
        costs.coinsurance = costs.coinsurance.min(rest - costs.selection);

        // The share gives way to the maximum before the deductible does.
        let room = left((3000 * DOLLAR, 6000 * DOLLAR), person.1, family.1);
        costs.deductible = costs.deductible.min(room);
        costs.copay = costs.copay.min(room - costs.deductible);
        costs.coinsurance = costs.coinsurance.min(room - costs.deductible);
        let counted = costs.deductible + costs.copay + costs.coinsurance;

        costs.patient = counted + costs.selection;
        costs.plan = price - costs.patient;
        costs.deductible_so_far = person.0 + costs.deductible;
        costs.pocket_so_far = person.1 + counted;
        let family = (family.0 + costs.deductible, family.1 + counted);
        costs.deductible_left =
            Some(left((250 * DOLLAR, 500 * DOLLAR), costs.deductible_so_far, family.0));
        costs.pocket_left =
            Some(left((3000 * DOLLAR, 6000 * DOLLAR), costs.pocket_so_far, family.1));
        self.0.insert(claim.person_code.unwrap(), (costs.deductible_so_far, costs.pocket_so_far));
        costs
    }

    /// A claim under Medicaid.
    pub(crate) fn medicaid(&mut self, claim: &Claim, age: i32) -> Costs {
        let price = price(claim, true);
        let so_far = self.0.entry(claim.person_code.unwrap()).or_default();
        let copay = match drug_of(claim).brand {
            _ if age < 21 || claim.pregnant => 0,
            true => (3 * DOLLAR).min(price),
            false => DOLLAR.min(price),
        };
        so_far.1 += copay;
        let pocket_so_far = so_far.1;
        Costs {
            price,
            copay,
            patient: copay,
            plan: price - copay,
            pocket_so_far,
            ..Costs::default()
        }
    }
}
