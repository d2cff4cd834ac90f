//! What a pharmacy asks for, as bytes: one transaction a transmission, without framing.

use openpbm_core::{
    BillingKey, Cents, Claim, Date, GroupId, Ndc, Npi, PersonCode, PrescriptionNumber,
    QualifiedAmount, Quantity, Reversal, Sex, TaxBasis,
};
use openpbm_model::workload::{Inquiry, Operation, Request};
use openpbm_wire::ncpdp::segments::request as segments;
use openpbm_wire::ncpdp::{self, EncodeError, Encoder, Field, RequestHeader};

/// The BIN and PCN of the sample book.
const ROUTE: (&str, &str) = ("900001", "OPENPBM");

/// Whatever a pharmacy asks for.
///
/// # Errors
///
/// If a value is too long for its field.
pub fn request(operation: &Operation) -> Result<Vec<u8>, EncodeError> {
    match &operation.request {
        Request::Bill(claim) => billing(claim),
        Request::Rebill(claim) => rebill(claim),
        Request::Reverse(reversal) => self::reversal(reversal),
        Request::Inquire(inquiry) => eligibility(operation.pharmacy, inquiry),
    }
}

/// A claim (B1).
///
/// # Errors
///
/// If a value is too long for its field.
pub fn billing(claim: &Claim) -> Result<Vec<u8>, EncodeError> {
    claim_of(claim, "B1")
}

/// A claim in the place of the one that was paid under its key (B3).
///
/// # Errors
///
/// If a value is too long for its field.
pub fn rebill(claim: &Claim) -> Result<Vec<u8>, EncodeError> {
    claim_of(claim, "B3")
}

/// A paid claim is taken back (B2); with no cardholder id if the reversal has none.
///
/// # Errors
///
/// If a value is too long for its field.
pub fn reversal(reversal: &Reversal) -> Result<Vec<u8>, EncodeError> {
    let (number, ndc) = (number(reversal.prescription), reversal.ndc.map(|ndc| ndc.to_string()));
    transmission("B2", reversal.pharmacy, reversal.date_of_service, |encoder| {
        if let Some(cardholder) = &reversal.cardholder {
            let cardholder_id = cardholder.as_str().into();
            encoder.segment(&segments::Insurance { cardholder_id, ..Default::default() });
        }
        encoder.transaction();
        encoder.segment(&segments::Claim {
            prescription_reference_number_qualifier: "1".into(),
            prescription_reference_number: number.as_str().into(),
            product_id_qualifier: ndc.as_ref().map(|_| "03").into(),
            product_id: ndc.as_deref().into(),
            fill_number: reversal.fill.map(u32::from).into(),
            ..Default::default()
        });
    })
}

/// Is this person covered on that day (E1)? Asked by a pharmacy.
///
/// # Errors
///
/// If a value is too long for its field.
pub fn eligibility(pharmacy: Npi, inquiry: &Inquiry) -> Result<Vec<u8>, EncodeError> {
    transmission("E1", pharmacy, inquiry.date, |encoder| {
        encoder.segment(&segments::Patient {
            date_of_birth: wire_date(inquiry.birth).into(),
            gender: gender(inquiry.sex),
            ..Default::default()
        });
        encoder.segment(&segments::Insurance {
            cardholder_id: inquiry.cardholder.as_str().into(),
            group_id: inquiry.group.as_ref().map(GroupId::as_str).into(),
            person_code: inquiry.person_code.as_ref().map(PersonCode::as_str).into(),
            ..Default::default()
        });
    })
}

fn claim_of(claim: &Claim, code: &'static str) -> Result<Vec<u8>, EncodeError> {
    let BillingKey { pharmacy, date_of_service, .. } = claim.key;
    transmission(code, pharmacy, date_of_service, |encoder| {
        who(encoder, claim);
        encoder.transaction();
        what(encoder, claim);
        let prescriber = claim.prescriber.to_string();
        encoder.segment(&segments::Prescriber {
            prescriber_id_qualifier: "01".into(),
            prescriber_id: prescriber.as_str().into(),
            ..Default::default()
        });
        others(encoder, claim);
        charges(encoder, claim);
        compound(encoder, claim);
        clinical(encoder, claim);
    })
}

/// Header, then whatever `write` adds.
fn transmission(
    code: &str,
    pharmacy: Npi,
    date: Date,
    write: impl FnOnce(&mut Encoder<'_>),
) -> Result<Vec<u8>, EncodeError> {
    let pharmacy = pharmacy.to_string();
    let header = RequestHeader {
        bin: ROUTE.0.into(),
        version: ncpdp::VERSION.into(),
        transaction_code: code.into(),
        processor_control_number: ROUTE.1.into(),
        transaction_count: 1.into(),
        service_provider_id_qualifier: "01".into(),
        service_provider_id: pharmacy.as_str().into(),
        date_of_service: wire_date(date).into(),
        software_vendor: "TESTING".into(),
    };
    let mut bytes = Vec::with_capacity(512);
    let mut encoder = Encoder::new(&mut bytes, &header);
    write(&mut encoder);
    encoder.finish()?;
    Ok(bytes)
}

/// Patient and insurance.
fn who(encoder: &mut Encoder<'_>, claim: &Claim) {
    encoder.segment(&segments::Patient {
        date_of_birth: wire_date(claim.birth).into(),
        gender: gender(claim.sex),
        pregnancy_indicator: claim.pregnant.then_some("2").into(),
        patient_residence: claim.details.setting.residence.map(u32::from).into(),
        ..Default::default()
    });
    encoder.segment(&segments::Insurance {
        cardholder_id: claim.cardholder.as_str().into(),
        group_id: claim.group.as_ref().map(GroupId::as_str).into(),
        person_code: claim.person_code.as_ref().map(PersonCode::as_str).into(),
        ..Default::default()
    });
}

/// The claim segment.
fn what(encoder: &mut Encoder<'_>, claim: &Claim) {
    let (number, ndc) = (number(claim.key.prescription), claim.drug.ndc.to_string());
    let daw = claim.daw.to_string();
    let authorization = claim.details.authorization.as_ref();
    let authorized = authorization.map(|a| a.number.to_string());
    let has_ndc = claim.drug.ndc != Ndc::NONE;
    let clarifications = claim.details.clarifications.iter();
    let clarifications: Vec<_> = clarifications
        .map(|code| segments::SubmissionClarification { code: u32::from(*code).into() })
        .collect();
    let part = claim.details.partial.as_ref();
    let completes = part.and_then(|part| part.completes.as_ref());
    let completed = completes.map(|of| self::number(of.prescription));
    let status = part.map(|part| if part.completes.is_some() { "C" } else { "P" });
    encoder.segment(&segments::Claim {
        prescription_reference_number_qualifier: "1".into(),
        prescription_reference_number: number.as_str().into(),
        product_id_qualifier: if has_ndc { "03" } else { "00" }.into(),
        product_id: if has_ndc { ndc.as_str() } else { "0" }.into(),
        submission_clarifications: clarifications.into(),
        associated_prescription_reference_number: completed.as_deref().into(),
        associated_prescription_date: completes.and_then(|of| wire_date(of.date_of_service)).into(),
        quantity_dispensed: quantity(claim.drug.quantity).into(),
        fill_number: u32::from(claim.key.fill).into(),
        days_supply: u32::from(claim.drug.days_supply).into(),
        compound_code: if claim.compound { 2 } else { 1 }.into(),
        patient_assignment_indicator: claim.details.member_submitted.then_some("N").into(),
        level_of_service: claim.details.setting.level_of_service.map(u32::from).into(),
        dispense_as_written: daw.as_str().into(),
        other_coverage_code: claim.other_coverage.map(u32::from).into(),
        prior_authorization_type_code: authorization.map(|a| u32::from(a.kind)).into(),
        prior_authorization_number: authorized.as_deref().into(),
        dispensing_status: status.into(),
        quantity_intended: part.map(|part| quantity(part.quantity_intended)).into(),
        days_supply_intended: part.map(|part| u32::from(part.days_intended)).into(),
        ..Default::default()
    });
}

/// What other payers answered, and a coupon.
fn others(encoder: &mut Encoder<'_>, claim: &Claim) {
    let code = |code: u8| format!("{code:02}");
    let coded = |amounts: &[QualifiedAmount]| -> Vec<(String, i64)> {
        amounts.iter().map(|amount| (code(amount.qualifier), amount.amount.get())).collect()
    };
    let payers = &claim.details.other_payers;
    let texts: Vec<_> = payers
        .iter()
        .map(|payer| (code(payer.coverage_type), coded(&payer.paid), coded(&payer.left_to_patient)))
        .collect();
    let sent: Vec<_> = payers
        .iter()
        .zip(&texts)
        .map(|(payer, (coverage, paid, left))| {
            let paid = paid.iter().map(|(qualifier, cents)| segments::OtherPayerAmountPaid {
                qualifier: qualifier.as_str().into(),
                amount_cents: (*cents).into(),
            });
            let left =
                left.iter().map(|(qualifier, cents)| segments::OtherPayerPatientResponsibility {
                    qualifier: qualifier.as_str().into(),
                    amount_cents: (*cents).into(),
                });
            let rejects = payer.rejects.iter();
            let rejects =
                rejects.map(|code| segments::OtherPayerReject { code: code.as_str().into() });
            segments::OtherPayer {
                coverage_type: coverage.as_str().into(),
                date: payer.date.and_then(wire_date).into(),
                amounts_paid: paid.collect::<Vec<_>>().into(),
                rejects: rejects.collect::<Vec<_>>().into(),
                patient_responsibilities: left.collect::<Vec<_>>().into(),
                ..Default::default()
            }
        })
        .collect();
    if !sent.is_empty() {
        encoder.segment(&segments::CoordinationOfBenefits { other_payers: sent.into() });
    }
    if let Some(coupon) = &claim.details.coupon {
        let kind = code(coupon.kind);
        encoder.segment(&segments::Coupon {
            coupon_type: kind.as_str().into(),
            coupon_number: coupon.number.as_str().into(),
            value_cents: coupon.value.map(Cents::get).into(),
        });
    }
}

/// The pricing segment.
fn charges(encoder: &mut Encoder<'_>, claim: &Claim) {
    let charges = &claim.details.charges;
    let cents = |amount: Option<Cents>| amount.map(Cents::get).into();
    let qualified = |other: &QualifiedAmount| (format!("{:02}", other.qualifier), other.amount);
    let other: Vec<_> = charges.other_amounts.iter().map(qualified).collect();
    let other: Vec<_> = other
        .iter()
        .map(|(qualifier, amount)| segments::OtherAmountClaimed {
            qualifier: qualifier.as_str().into(),
            amount_cents: amount.get().into(),
        })
        .collect();
    let cost_basis = charges.cost_basis.map(|basis| format!("{basis:02}"));
    encoder.segment(&segments::Pricing {
        ingredient_cost_cents: cents(charges.ingredient_cost),
        dispensing_fee_cents: cents(charges.dispensing_fee),
        professional_service_fee_cents: cents(charges.professional_service_fee),
        patient_paid_cents: cents(charges.patient_paid),
        incentive_cents: cents(charges.incentive),
        other_amounts: other.into(),
        flat_sales_tax_cents: cents(charges.flat_tax),
        percentage_sales_tax_cents: cents(charges.percentage_tax),
        percentage_sales_tax_rate: charges.tax_rate.map(i64::from).into(),
        percentage_sales_tax_basis: charges.tax_basis.map(TaxBasis::code).into(),
        usual_and_customary_cents: cents(claim.usual_and_customary),
        gross_amount_due_cents: claim.gross_amount_due.get().into(),
        basis_of_cost_determination: cost_basis.as_deref().into(),
        ..Default::default()
    });
}

/// The compound segment.
fn compound(encoder: &mut Encoder<'_>, claim: &Claim) {
    let Some(compound) = &claim.details.compound else { return };
    let ndcs: Vec<_> = compound.ingredients.iter().map(|i| i.ndc.to_string()).collect();
    let ingredients: Vec<_> = compound
        .ingredients
        .iter()
        .zip(&ndcs)
        .map(|(ingredient, ndc)| segments::Ingredient {
            product_id_qualifier: "03".into(),
            product_id: ndc.as_str().into(),
            quantity: quantity(ingredient.quantity).into(),
            drug_cost_cents: ingredient.cost.map(Cents::get).into(),
            ..Default::default()
        })
        .collect();
    let ingredients = ingredients.into();
    encoder.segment(&segments::Compound { ingredients, ..Default::default() });
}

/// Diagnoses, and answers to drug utilization review.
fn clinical(encoder: &mut Encoder<'_>, claim: &Claim) {
    let diagnoses: Vec<_> = claim
        .diagnoses
        .iter()
        .map(|code| segments::Diagnosis { qualifier: "02".into(), code: code.as_str().into() })
        .collect();
    if !diagnoses.is_empty() {
        let diagnoses = diagnoses.into();
        encoder.segment(&segments::Clinical { diagnoses, ..Default::default() });
    }
    let alone = claim.details.professional_services.iter();
    let alone = alone.map(|code| segments::Service {
        professional_service_code: code.as_str().into(),
        ..Default::default()
    });
    let effort = claim.details.level_of_effort.map(|level| segments::Service {
        level_of_effort: u32::from(level).into(),
        ..Default::default()
    });
    let services: Vec<_> = claim
        .dur_overrides
        .iter()
        .map(|answer| segments::Service {
            reason_code: answer.reason.as_str().into(),
            professional_service_code: answer.service.as_str().into(),
            result_code: answer.result.as_str().into(),
            ..Default::default()
        })
        .chain(alone)
        .chain(effort)
        .collect();
    if !services.is_empty() {
        encoder.segment(&segments::DurPps { services: services.into() });
    }
}

/// In thousandths. Beyond `i64` it is beyond the field as well, and the encoder says so.
fn quantity(quantity: Quantity) -> i64 {
    i64::try_from(quantity.thousandths()).unwrap_or(i64::MAX)
}

fn number(prescription: PrescriptionNumber) -> String {
    format!("{:012}", prescription.number())
}

fn gender(sex: Option<Sex>) -> Field<u32> {
    Field::Value(match sex {
        None => 0,
        Some(Sex::Male) => 1,
        Some(Sex::Female) => 2,
    })
}

fn wire_date(date: Date) -> Option<ncpdp::Date> {
    let (year, month, day) = date.ymd();
    ncpdp::Date::new(u16::try_from(year).ok()?, month, day)
}

#[cfg(test)]
mod tests {
    use openpbm_core::{Charges, Completed, Details, DrugUse, DurOverride, PartialFill};
    use openpbm_wire::ncpdp::Request as Decoded;

    use super::*;

    fn claim() -> Claim {
        let day = Date::new(2026, 3, 1).unwrap();
        Claim {
            key: BillingKey {
                pharmacy: "1999000015".parse().unwrap(),
                prescription: PrescriptionNumber::new(77).unwrap(),
                fill: 3,
                date_of_service: day,
            },
            received: day,
            group: None,
            cardholder: "CSC900001".parse().unwrap(),
            person_code: "02".parse().ok(),
            birth: day,
            sex: Some(Sex::Female),
            pregnant: true,
            prescriber: "1999000114".parse().unwrap(),
            drug: DrugUse {
                ndc: "00003089421".parse().unwrap(),
                quantity: Quantity::from_thousandths(30_500).unwrap(),
                days_supply: 30,
            },
            daw: 1,
            compound: false,
            other_coverage: Some(2),
            usual_and_customary: Some(Cents::new(999)),
            gross_amount_due: Cents::new(1_000),
            diagnoses: vec!["E1165".to_owned()],
            dur_overrides: vec![DurOverride {
                reason: "DD".to_owned(),
                service: "M0".to_owned(),
                result: "1G".to_owned(),
            }],
            details: Details {
                charges: Charges {
                    percentage_tax: Some(Cents::new(123)),
                    tax_rate: Some(62_500),
                    tax_basis: Some(TaxBasis::IngredientCost),
                    other_amounts: vec![QualifiedAmount { qualifier: 9, amount: Cents::new(1) }],
                    ..Charges::default()
                },
                professional_services: vec!["MA".to_owned()],
                ..Details::default()
            },
        }
    }

    #[test]
    fn a_claim_says_everything_it_has() {
        let bytes = rebill(&claim()).unwrap();
        let request = Decoded::decode(&bytes).unwrap();
        assert_eq!(request.count_fault(), None);
        assert_eq!(request.header().transaction_code.value(), Some("B3"));
        let shared = request.transmission();
        let patient: segments::Patient<'_> = shared.read().unwrap();
        let insurance: segments::Insurance<'_> = shared.read().unwrap();
        assert_eq!(
            (patient.gender.value(), patient.pregnancy_indicator.value()),
            (Some(2), Some("2"))
        );
        assert_eq!((insurance.group_id.value(), insurance.person_code.value()), (None, Some("02")));
        let group = request.transactions().next().unwrap();
        let claim: segments::Claim<'_> = group.read().unwrap();
        let pricing: segments::Pricing<'_> = group.read().unwrap();
        let clinical: segments::Clinical<'_> = group.read().unwrap();
        let dur: segments::DurPps<'_> = group.read().unwrap();
        assert_eq!(claim.prescription_reference_number.value(), Some("000000000077"));
        assert_eq!(
            (claim.quantity_dispensed.value(), claim.fill_number.value()),
            (Some(30_500), Some(3))
        );
        assert_eq!(pricing.usual_and_customary_cents.value(), Some(999));
        assert_eq!(pricing.percentage_sales_tax_rate.value(), Some(62_500));
        assert_eq!(pricing.percentage_sales_tax_basis.value(), Some("02"));
        assert_eq!(pricing.other_amounts.iter().next().unwrap().qualifier.value(), Some("09"));
        assert_eq!(clinical.diagnoses.iter().count(), 1);
        assert_eq!(
            dur.services.iter().last().unwrap().professional_service_code.value(),
            Some("MA")
        );
        assert_eq!(dur.services.iter().next().unwrap().result_code.value(), Some("1G"));
    }

    #[test]
    fn a_reversal_without_a_cardholder_has_no_insurance_segment() {
        let reversal = Reversal { cardholder: None, ndc: None, ..Reversal::of_rebill(&claim()) };
        let bytes = self::reversal(&reversal).unwrap();
        let request = Decoded::decode(&bytes).unwrap();
        assert!(request.transmission().read::<segments::Insurance<'_>>().is_none());
        let group = request.transactions().next().unwrap();
        let claim: segments::Claim<'_> = group.read().unwrap();
        assert_eq!((claim.product_id.value(), claim.fill_number.value()), (None, Some(3)));
    }

    #[test]
    fn a_part_of_a_fill_says_which_part_it_is_and_of_what() {
        let mut claim = claim();
        let first = Completed {
            prescription: PrescriptionNumber::new(76).unwrap(),
            date_of_service: Date::new(2026, 2, 27).unwrap(),
        };
        for (completes, status, number) in
            [(None, "P", None), (Some(first), "C", Some("000000000076"))]
        {
            let quantity_intended = Quantity::units(60);
            claim.details.partial =
                Some(PartialFill { quantity_intended, days_intended: 90, completes });
            let bytes = billing(&claim).unwrap();
            let request = Decoded::decode(&bytes).unwrap();
            let sent: segments::Claim<'_> = request.transactions().next().unwrap().read().unwrap();
            assert_eq!(sent.dispensing_status.value(), Some(status));
            assert_eq!(sent.quantity_intended.value(), Some(60_000));
            assert_eq!(sent.days_supply_intended.value(), Some(90));
            assert_eq!(sent.associated_prescription_reference_number.value(), number);
            let day = sent.associated_prescription_date.value();
            assert_eq!(day, number.and_then(|_| ncpdp::Date::new(2026, 2, 27)));
        }
    }

    #[test]
    fn what_does_not_fit_its_field_is_refused() {
        let mut claim = claim();
        claim.gross_amount_due = Cents::new(i64::MAX);
        assert!(billing(&claim).is_err());
    }
}
