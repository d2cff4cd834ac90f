//! The extras of a row that set what a claim says beyond what every claim must:
//!
//! ```text
//! scc=5,8                          420-DK
//! cost=4.00 fee=2.00 service=1.00 incentive=20.00      409-D9 412-DC 477-BE 438-E3
//! amounts=1:2.00,9:3.50            480-H9 with 479-H8
//! flat-tax=0.50 tax=1.20 rate=6.25 tax-of=2            481-HA 482-GE 483-HE 484-JE
//! patient-paid=5.00 cost-basis=8   433-DX 423-DN
//! payer=1;on=01-10;paid=7:12.50;left=5:10.00,7:2.00;stage=2:20.00;reject=70,75;id=610001
//! coupon=99/SAVE1/50.00            485-KE 486-ME 487-NE
//! auth=8/12345                     461-EU 462-EV
//! partial=60/30                    343-HD P, with 344-HF and 345-HG
//! completes=LABEL                  343-HD C of the row of that label, and of the same whole
//! mix=lisinopril_10*30@1.50,...    489-TE 448-ED 449-EE; blanks of a label are underscores
//! residence=3 place=1 type=5 level=3 packaging=3       384-4X 307-C7 147-U7 418-DI 429-DT
//! written=01-02 origin=3 prescribed=90 refills=5       414-DE 419-DJ 460-ET 415-DF
//! professional=MA effort=12        440-E5 474-8E
//! by-member                        391-MT N
//! ```
//!
//! `payer` may stand several times, a payer each.

use std::str::FromStr;

use openpbm_core::{
    Cents, Charges, ClaimedAuthorization, Completed, Compound, Coupon, Details, Ingredient,
    OtherPayer, PartialFill, Prescribed, PrescriptionNumber, QualifiedAmount, Setting, TaxBasis,
};

use crate::cast;
use crate::play::find;
use crate::tables::notation::{Asks, Row, date};

/// What a row's extras say.
pub(crate) fn of(rows: &[Row<'_>], row: &Row<'_>) -> Details {
    let payers = row.extra.iter().filter(|extra| extra.name == "payer");
    Details {
        clarifications: list(row.extra("scc").unwrap_or_default(), number),
        charges: charges(row),
        other_payers: payers.map(|extra| payer(extra.value)).collect(),
        coupon: row.extra("coupon").map(coupon),
        authorization: row.extra("auth").map(|text| {
            let (kind, of) = text.split_once('/').unwrap_or((text, "0"));
            ClaimedAuthorization { kind: number(kind), number: number(of) }
        }),
        partial: partial(rows, row),
        compound: row
            .extra("mix")
            .map(|mix| Compound { ingredients: list(mix, ingredient), ..Compound::default() }),
        setting: Setting {
            residence: row.extra("residence").map(number),
            place_of_service: row.extra("place").map(number),
            pharmacy_service: row.extra("type").map(number),
            level_of_service: row.extra("level").map(number),
            packaging: row.extra("packaging").map(number),
        },
        prescribed: Prescribed {
            written: row.extra("written").map(date),
            origin: row.extra("origin").map(number),
            quantity: row.extra("prescribed").map(number),
            refills: row.extra("refills").map(number),
        },
        professional_services: list(row.extra("professional").unwrap_or_default(), str::to_owned),
        level_of_effort: row.extra("effort").map(number),
        member_submitted: row.extra("by-member").is_some(),
    }
}

/// Whatever can be read from text.
fn number<T: FromStr<Err: std::fmt::Debug>>(text: &str) -> T {
    text.parse().unwrap_or_else(|error| panic!("`{text}`: {error:?}"))
}

fn list<T>(text: &str, read: impl Fn(&str) -> T) -> Vec<T> {
    text.split(',').filter(|part| !part.is_empty()).map(read).collect()
}

/// `7:12.50`.
fn qualified(text: &str) -> QualifiedAmount {
    let (qualifier, amount) = text.split_once(':').unwrap();
    QualifiedAmount { qualifier: number(qualifier), amount: number(amount) }
}

fn charges(row: &Row<'_>) -> Charges {
    let charge = |name: &str| row.extra(name).map(number::<Cents>);
    Charges {
        ingredient_cost: charge("cost"),
        dispensing_fee: charge("fee"),
        professional_service_fee: charge("service"),
        incentive: charge("incentive"),
        other_amounts: list(row.extra("amounts").unwrap_or_default(), qualified),
        flat_tax: charge("flat-tax"),
        percentage_tax: charge("tax"),
        // Hundredths of a percent, as cents are of a dollar, to ten-thousandths.
        tax_rate: charge("rate").map(|rate| u32::try_from(rate.get()).unwrap() * 100),
        tax_basis: row.extra("tax-of").map(|basis| match basis {
            "2" => TaxBasis::IngredientCost,
            "3" => TaxBasis::IngredientCostAndFee,
            "4" => TaxBasis::ProfessionalServiceFee,
            _ => panic!("`{basis}` is nothing that a tax is taken of"),
        }),
        patient_paid: charge("patient-paid"),
        cost_basis: row.extra("cost-basis").map(number),
    }
}

fn payer(text: &str) -> OtherPayer {
    let mut parts = text.split(';');
    let coverage_type = number(parts.next().unwrap_or_default());
    let mut payer = OtherPayer { coverage_type, ..OtherPayer::default() };
    for part in parts {
        match part.split_once('=').unwrap() {
            ("on", day) => payer.date = Some(date(day)),
            ("id", id) => payer.id = Some(id.to_owned()),
            ("paid", amounts) => payer.paid = list(amounts, qualified),
            ("left", amounts) => payer.left_to_patient = list(amounts, qualified),
            ("stage", amounts) => payer.benefit_stages = list(amounts, qualified),
            ("reject", codes) => payer.rejects = list(codes, str::to_owned),
            (other, _) => panic!("a payer says nothing called `{other}`"),
        }
    }
    payer
}

fn coupon(text: &str) -> Coupon {
    let parts: Vec<&str> = text.split('/').collect();
    let [kind, of, value] = *parts.as_slice() else { panic!("`{text}` is no coupon") };
    Coupon { kind: number(kind), number: of.to_owned(), value: Some(number(value)) }
}

fn partial(rows: &[Row<'_>], row: &Row<'_>) -> Option<PartialFill> {
    let intended = |row: &Row<'_>| {
        let (quantity, days) = row.extra("partial")?.split_once('/')?;
        Some((number(quantity), number(days)))
    };
    let completes = row.extra("completes").map(|label| find(rows, label));
    let (quantity_intended, days_intended) = intended(row).or_else(|| intended(completes?))?;
    let completes = completes.map(|first| match first.asks {
        Asks::Claim(billed) => Completed {
            prescription: PrescriptionNumber::new(1000 + first.number).unwrap(),
            date_of_service: billed.date,
        },
        _ => panic!("`{}` is no claim", first.label),
    });
    Some(PartialFill { quantity_intended, days_intended, completes })
}

/// `lisinopril_10*30@1.50`; the cost may be left out.
fn ingredient(text: &str) -> Ingredient {
    let (what, cost) = text.split_once('@').map_or((text, None), |(what, cost)| (what, Some(cost)));
    let (label, quantity) = what.split_once('*').unwrap();
    Ingredient {
        ndc: cast::drug(&label.replace('_', " ")),
        quantity: number(quantity),
        cost: cost.map(number),
        cost_basis: None,
    }
}
