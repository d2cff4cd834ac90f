//! Collects what is missing or invalid in a transmission, so that the pharmacy hears of
//! everything at once.

use openpbm_core::{RefusalReason, RejectCode};
use openpbm_wire::ncpdp::{Block, Field, FieldId, InvalidField, fields};

/// The most reject codes that D.0 can carry (510-FA).
const MOST: usize = 5;

/// What has been found wrong so far.
#[derive(Debug, Default)]
pub(super) struct Collector {
    reasons: Vec<RefusalReason>,
}

impl Collector {
    /// Records a reason.
    pub(super) fn refuse(&mut self, code: RejectCode, message: impl Into<String>) {
        self.reasons.push(RefusalReason::new(code, message));
    }

    /// Records that a field, named by its number, has a value that cannot be; `right` says what
    /// could.
    pub(super) fn wrong(&mut self, number: &str, right: &str) {
        let id = FieldId::of(number);
        self.refuse(code_of(id), format!("{} must be {right}", title(id)));
    }

    /// The same for the occurrence, from 1, of a field that repeats. What cannot be read at all
    /// has been recorded by [`Self::faults`]; the same code and occurrence are said once.
    pub(super) fn wrong_at(&mut self, number: &str, occurrence: u8, right: &str) {
        let id = FieldId::of(number);
        let occurrence = (occurrence > 1).then_some(occurrence);
        let message = format!("{} must be {right}", title(id));
        self.reasons.push(RefusalReason { code: code_of(id), message, occurrence });
    }

    /// Records everything that is wrong within a segment's fields, as far as this processor
    /// uses them: what nobody reads refuses nobody.
    pub(super) fn faults<'a>(&mut self, block: &impl Block<'a>) {
        block.each_fault(&mut |fault| {
            if missing_or_invalid(fault.id).is_some() {
                self.fault(fault);
            }
        });
    }

    /// Records what is wrong with a field.
    pub(super) fn fault(&mut self, fault: InvalidField) {
        let occurrence = (fault.occurrence > 1).then_some(fault.occurrence);
        let message = format!("{} {}", title(fault.id), fault.reason);
        self.reasons.push(RefusalReason { code: code_of(fault.id), message, occurrence });
    }

    /// The value of a field, named by its number, that must be there. What is wrong with one
    /// that is there has been recorded by [`Self::faults`].
    pub(super) fn required<T: Copy>(&mut self, field: Field<T>, number: &str) -> Option<T> {
        if matches!(field, Field::Absent | Field::Blank) {
            let id = FieldId::of(number);
            self.refuse(code_of(id), format!("{} is missing", title(id)));
        }
        field.value()
    }

    /// Parses the text of a field; `right` says what would be right.
    pub(super) fn parsed<T>(
        &mut self,
        text: Option<&str>,
        number: &str,
        right: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let parsed = parse(text?.trim_matches(' '));
        if parsed.is_none() {
            self.wrong(number, right);
        }
        parsed
    }

    /// True if nothing is wrong so far.
    pub(super) fn is_clean(&self) -> bool {
        self.reasons.is_empty()
    }

    /// The reasons in order of precedence, as many as D.0 can carry, each code and occurrence
    /// once.
    pub(super) fn into_reasons(mut self) -> Vec<RefusalReason> {
        self.reasons.sort_by_key(|reason| (reason.code, reason.occurrence));
        self.reasons.dedup_by_key(|reason| (reason.code, reason.occurrence));
        self.reasons.truncate(MOST);
        self.reasons
    }
}

/// A field's number and name, for people.
fn title(id: FieldId) -> String {
    match fields::lookup(id) {
        Some(field) => format!("{} {}", field.number, field.title()),
        None => id.to_string(),
    }
}

fn code_of(id: FieldId) -> RejectCode {
    missing_or_invalid(id).unwrap_or(RejectCode::SyntaxError)
}

/// The "missing or invalid" code of each field that this processor reads.
fn missing_or_invalid(id: FieldId) -> Option<RejectCode> {
    Some(match &id.bytes() {
        b"A1" => RejectCode::InvalidBin,
        b"A2" => RejectCode::InvalidVersion,
        b"A3" => RejectCode::InvalidTransactionCode,
        b"A4" => RejectCode::InvalidPcn,
        b"A9" => RejectCode::InvalidTransactionCount,
        b"B2" => RejectCode::InvalidProviderQualifier,
        b"B1" => RejectCode::InvalidServiceProvider,
        b"D1" => RejectCode::InvalidDateOfService,
        b"C1" => RejectCode::InvalidGroup,
        b"C2" => RejectCode::InvalidCardholder,
        b"C3" => RejectCode::InvalidPersonCode,
        b"C4" => RejectCode::InvalidBirthDate,
        b"C5" => RejectCode::InvalidSex,
        b"C6" => RejectCode::InvalidRelationship,
        b"C8" => RejectCode::InvalidOtherCoverage,
        b"EM" => RejectCode::InvalidPrescriptionQualifier,
        b"D2" => RejectCode::InvalidPrescriptionNumber,
        b"D3" => RejectCode::InvalidFillNumber,
        b"D5" => RejectCode::InvalidDaysSupply,
        b"D6" => RejectCode::InvalidCompoundCode,
        b"D7" => RejectCode::InvalidProduct,
        b"E1" => RejectCode::InvalidProductQualifier,
        b"D8" => RejectCode::InvalidDaw,
        b"D9" => RejectCode::InvalidIngredientCost,
        b"DB" => RejectCode::InvalidPrescriber,
        b"EZ" => RejectCode::InvalidPrescriberQualifier,
        b"DE" => RejectCode::InvalidDateWritten,
        b"DF" => RejectCode::InvalidRefillsAuthorized,
        b"DK" => RejectCode::InvalidClarification,
        b"NX" => RejectCode::InvalidClarificationCount,
        b"DO" => RejectCode::InvalidDiagnosis,
        b"VE" => RejectCode::InvalidDiagnosisCount,
        b"WE" => RejectCode::InvalidDiagnosisQualifier,
        b"E7" => RejectCode::InvalidQuantity,
        b"DX" => RejectCode::InvalidPatientPaid,
        b"DC" => RejectCode::InvalidDispensingFee,
        b"DU" => RejectCode::InvalidGrossAmount,
        b"DQ" => RejectCode::InvalidUsualAndCustomary,
        b"2C" => RejectCode::InvalidPregnancy,
        b"7E" => RejectCode::InvalidDurCount,
        b"E4" => RejectCode::InvalidReasonForService,
        b"E5" => RejectCode::InvalidProfessionalService,
        b"E6" => RejectCode::InvalidResultOfService,
        b"EU" => RejectCode::InvalidAuthorizationType,
        b"EV" => RejectCode::InvalidAuthorizationNumber,
        id => return in_details(id),
    })
}

/// The same for what a claim says beyond what every claim must.
fn in_details(id: &[u8]) -> Option<RejectCode> {
    Some(match id {
        b"MT" => RejectCode::InvalidAssignment,
        b"4X" => RejectCode::InvalidResidence,
        b"C7" => RejectCode::InvalidPlaceOfService,
        b"U7" => RejectCode::InvalidPharmacyService,
        b"DI" => RejectCode::InvalidLevelOfService,
        b"DT" => RejectCode::InvalidPackaging,
        b"DJ" => RejectCode::InvalidOrigin,
        b"ET" => RejectCode::InvalidQuantityPrescribed,
        b"HD" => RejectCode::InvalidDispensingStatus,
        b"HF" => RejectCode::InvalidQuantityIntended,
        b"HG" => RejectCode::InvalidDaysIntended,
        b"EN" => RejectCode::InvalidAssociatedPrescription,
        b"EP" => RejectCode::InvalidAssociatedDate,
        b"E2" => RejectCode::InvalidRoute,
        b"DN" => RejectCode::InvalidCostBasis,
        b"BE" => RejectCode::InvalidServiceFee,
        b"E3" => RejectCode::InvalidIncentive,
        b"H7" => RejectCode::InvalidOtherAmountCount,
        b"H8" => RejectCode::InvalidOtherAmountQualifier,
        b"H9" => RejectCode::InvalidOtherAmount,
        b"HA" => RejectCode::InvalidFlatTax,
        b"GE" => RejectCode::InvalidPercentageTax,
        b"HE" => RejectCode::InvalidTaxRate,
        b"JE" => RejectCode::InvalidTaxBasis,
        b"8E" => RejectCode::InvalidLevelOfEffort,
        b"4C" => RejectCode::InvalidPayerCount,
        b"5C" => RejectCode::InvalidPayerCoverage,
        b"7C" => RejectCode::InvalidPayerId,
        b"E8" => RejectCode::InvalidPayerDate,
        b"HB" => RejectCode::InvalidPayerPaidCount,
        b"HC" => RejectCode::InvalidPayerPaidQualifier,
        b"DV" => RejectCode::InvalidPayerPaid,
        b"5E" => RejectCode::InvalidPayerRejectCount,
        b"6E" => RejectCode::InvalidPayerReject,
        b"NR" => RejectCode::InvalidLeftToPatientCount,
        b"NP" => RejectCode::InvalidLeftToPatientQualifier,
        b"NQ" => RejectCode::InvalidLeftToPatient,
        b"MU" => RejectCode::InvalidBenefitStageCount,
        b"MV" => RejectCode::InvalidBenefitStageQualifier,
        b"MW" => RejectCode::InvalidBenefitStage,
        b"KE" => RejectCode::InvalidCouponType,
        b"ME" => RejectCode::InvalidCouponNumber,
        b"NE" => RejectCode::InvalidCouponValue,
        b"EC" => RejectCode::InvalidIngredientCount,
        b"EF" => RejectCode::InvalidDosageForm,
        b"RE" => RejectCode::InvalidIngredientQualifier,
        b"TE" => RejectCode::InvalidIngredient,
        b"ED" => RejectCode::InvalidIngredientQuantity,
        b"EE" => RejectCode::InvalidIngredientCharge,
        b"UE" => RejectCode::InvalidIngredientCostBasis,
        _ => return None,
    })
}
