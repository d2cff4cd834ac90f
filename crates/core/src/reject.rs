//! The reject codes (511-FB) that OpenPBM answers with.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Defines the codes once: variant, code, short meaning. The order of the list is the order
/// of precedence, so it is also the order in which a pharmacist should mend them.
macro_rules! reject_codes {
    ($($(#[$doc:meta])* $variant:ident $code:literal $meaning:literal)*) => {
        /// A reject code. Declaration order is precedence: what must be mended first stands
        /// first, and D.0 has room for five.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum RejectCode {
            $(#[doc = $meaning] $(#[$doc])* $variant,)*
        }

        impl RejectCode {
            /// Every code, in order of precedence.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The code as it goes over the wire, two or three characters.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// What the code means, in a few words of ours.
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning,)* }
            }
        }
    };
}

reject_codes! {
    // The transmission itself.
    SyntaxError "R8" "the transmission could not be read"
    InvalidBin "01" "BIN is missing or not served here"
    InvalidVersion "02" "version is missing or invalid"
    UnsupportedVersion "1R" "version is not supported"
    InvalidTransactionCode "03" "transaction code is missing or invalid"
    UnsupportedTransaction "1S" "transaction is not supported"
    InvalidPcn "04" "processor control number is missing or not served here"
    InvalidTransactionCount "A9" "transaction count is missing or invalid"
    CountMismatch "1U" "transaction count does not match the transactions sent"
    InvalidProviderQualifier "B2" "service provider id qualifier is missing or invalid"
    InvalidServiceProvider "05" "service provider id is missing or invalid"
    InvalidDateOfService "15" "date of service is missing or invalid"
    InvalidInsuranceSegment "PJ" "insurance segment is missing or invalid"
    InvalidPatientSegment "PK" "patient segment is missing or invalid"
    InvalidClaimSegment "PC" "claim segment is missing or invalid"
    InvalidPricingSegment "PP" "pricing segment is missing or invalid"
    InvalidPrescriberSegment "PN" "prescriber segment is missing or invalid"
    InvalidDurSegment "PH" "DUR/PPS segment is missing or invalid"
    InvalidClinicalSegment "PD" "clinical segment is missing or invalid"
    InvalidCompoundSegment "PF" "compound segment is missing or invalid"
    // Fields of the request.
    InvalidGroup "06" "group id is missing or invalid"
    InvalidCardholder "07" "cardholder id is missing or invalid"
    InvalidPersonCode "08" "person code is missing or invalid"
    InvalidBirthDate "09" "birth date is missing, invalid or not the member's"
    InvalidSex "10" "patient gender code is missing, invalid or not the member's"
    InvalidRelationship "11" "patient relationship code is missing or invalid"
    InvalidOtherCoverage "13" "other coverage code is missing or invalid"
    InvalidPrescriptionQualifier "EM" "prescription number qualifier is missing or invalid"
    InvalidPrescriptionNumber "16" "prescription number is missing or invalid"
    InvalidFillNumber "17" "fill number is missing or invalid"
    InvalidDaysSupply "19" "days supply is missing or invalid"
    InvalidCompoundCode "20" "compound code is missing or invalid"
    InvalidProduct "21" "product id is missing or invalid"
    InvalidProductQualifier "E1" "product id qualifier is missing or invalid"
    InvalidDaw "22" "dispense-as-written code is missing or invalid"
    InvalidIngredientCost "23" "ingredient cost submitted is missing or invalid"
    InvalidPrescriber "25" "prescriber id is missing or invalid"
    InvalidPrescriberQualifier "EZ" "prescriber id qualifier is missing or invalid"
    InvalidDateWritten "28" "date prescription written is missing or invalid"
    InvalidRefillsAuthorized "29" "number of refills authorized is missing or invalid"
    InvalidClarification "34" "submission clarification code is missing or invalid"
    InvalidClarificationCount "NX" "submission clarification code count is missing or invalid"
    InvalidDiagnosis "39" "diagnosis code is missing or invalid"
    InvalidDiagnosisCount "VE" "diagnosis code count is missing or invalid"
    InvalidDiagnosisQualifier "WE" "diagnosis code qualifier is missing or invalid"
    InvalidQuantity "E7" "quantity dispensed is missing or invalid"
    InvalidPatientPaid "DX" "patient paid amount submitted is missing or invalid"
    InvalidDispensingFee "DC" "dispensing fee submitted is missing or invalid"
    InvalidGrossAmount "DU" "gross amount due is missing or invalid"
    InvalidUsualAndCustomary "DQ" "usual and customary charge is missing or invalid"
    InvalidPregnancy "2C" "pregnancy indicator is missing or invalid"
    InvalidDurCount "7E" "DUR/PPS code counter is missing or invalid"
    InvalidReasonForService "E4" "reason for service code is missing or invalid"
    InvalidProfessionalService "E5" "professional service code is missing or invalid"
    InvalidResultOfService "E6" "result of service code is missing or invalid"
    InvalidAuthorizationType "EU" "prior authorization type code is missing or invalid"
    InvalidAuthorizationNumber "EV" "prior authorization number is missing or invalid"
    InvalidAssignment "MT" "patient assignment indicator is missing or invalid"
    InvalidResidence "4X" "patient residence is missing or invalid"
    InvalidPlaceOfService "12" "place of service is missing or invalid"
    InvalidPharmacyService "U7" "pharmacy service type is missing or invalid"
    InvalidLevelOfService "32" "level of service is missing or invalid"
    InvalidPackaging "DT" "special packaging indicator is missing or invalid"
    InvalidOrigin "33" "prescription origin code is missing or invalid"
    InvalidQuantityPrescribed "ET" "quantity prescribed is missing or invalid"
    InvalidDispensingStatus "HD" "dispensing status is missing or invalid"
    InvalidQuantityIntended "HF" "quantity intended to be dispensed is missing or invalid"
    InvalidDaysIntended "HG" "days supply intended to be dispensed is missing or invalid"
    InvalidAssociatedPrescription "EN" "associated prescription number is missing or invalid"
    InvalidAssociatedDate "EP" "associated prescription date is missing or invalid"
    InvalidRoute "E2" "route of administration is missing or invalid"
    InvalidCostBasis "DN" "basis of cost determination is missing or invalid"
    InvalidServiceFee "BE" "professional service fee submitted is missing or invalid"
    InvalidIncentive "E3" "incentive amount submitted is missing or invalid"
    InvalidOtherAmountCount "H7" "other amount claimed count is missing or invalid"
    InvalidOtherAmountQualifier "H8" "other amount claimed qualifier is missing or invalid"
    InvalidOtherAmount "H9" "other amount claimed is missing or invalid"
    InvalidFlatTax "HA" "flat sales tax submitted is missing or invalid"
    InvalidPercentageTax "GE" "percentage sales tax submitted is missing or invalid"
    InvalidTaxRate "HE" "percentage sales tax rate is missing or invalid"
    InvalidTaxBasis "JE" "percentage sales tax basis is missing or invalid"
    InvalidLevelOfEffort "8E" "level of effort is missing or invalid"
    InvalidPayerCount "4C" "other payers count is missing or invalid"
    InvalidPayerCoverage "5C" "other payer coverage type is missing or invalid"
    InvalidPayerId "7C" "other payer id is missing or invalid"
    InvalidPayerDate "E8" "other payer date is missing or invalid"
    InvalidPayerPaidCount "HB" "other payer amount paid count is missing or invalid"
    InvalidPayerPaidQualifier "HC" "other payer amount paid qualifier is missing or invalid"
    InvalidPayerPaid "DV" "other payer amount paid is missing or invalid"
    InvalidPayerRejectCount "5E" "other payer reject count is missing or invalid"
    InvalidPayerReject "6E" "other payer reject code is missing or invalid"
    InvalidLeftToPatientCount "NR" "other payer patient responsibility count is missing or invalid"
    InvalidLeftToPatientQualifier "NP"
        "other payer patient responsibility qualifier is missing or invalid"
    InvalidLeftToPatient "NQ" "other payer patient responsibility amount is missing or invalid"
    InvalidBenefitStageCount "MU" "benefit stage count is missing or invalid"
    InvalidBenefitStageQualifier "MV" "benefit stage qualifier is missing or invalid"
    InvalidBenefitStage "MW" "benefit stage amount is missing or invalid"
    InvalidCouponType "KE" "coupon type is missing or invalid"
    InvalidCouponNumber "ME" "coupon number is missing or invalid"
    InvalidCouponValue "NE" "coupon value is missing or invalid"
    InvalidIngredientCount "EC" "compound ingredient count is missing or invalid"
    InvalidDosageForm "EF" "compound dosage form is missing or invalid"
    InvalidIngredientQualifier "RE" "compound product id qualifier is missing or invalid"
    InvalidIngredient "TE" "compound product id is missing or invalid"
    InvalidIngredientQuantity "ED" "compound ingredient quantity is missing or invalid"
    InvalidIngredientCharge "EE" "compound ingredient cost is missing or invalid"
    InvalidIngredientCostBasis "UE" "compound ingredient basis of cost is missing or invalid"
    // Who is covered.
    UnknownGroup "51" "group id is not known"
    UnknownCardholder "52" "cardholder id is not known"
    UnknownPersonCode "53" "person code is not known"
    NotCovered "65" "patient is not covered"
    BeforeCoverage "67" "filled before coverage began"
    CoverageExpired "68" "filled after the group's coverage expired"
    CoverageTerminated "69" "filled after the member's coverage ended"
    OtherPayerFirst "41" "another payer must be billed first"
    // Who dispenses and prescribes.
    UnknownPharmacy "50" "pharmacy number is not known"
    PharmacyNotContracted "40" "pharmacy is not contracted with the plan on the date of service"
    UnknownPrescriber "56" "prescriber id is not known"
    PrescriberNotCovered "71" "prescriber is not covered"
    // When.
    PostDated "82" "claim is post-dated"
    TooOld "81" "claim is too old"
    // What the ledger says.
    NotPaid "84" "claim has not been paid"
    ReversalNotProcessed "87" "reversal not processed"
    DuplicatePaid "83" "duplicate of a paid claim"
    // A fill in two parts.
    PartialNotSupported "RK" "partial fill transaction is not supported"
    PartialNotOnFile "RJ" "the associated partial fill is not on file"
    OtherPatientCompleted "RD" "completion is not for the patient and group of the partial fill"
    OtherDrugCompleted "RC" "completion is not of the drug of the partial fill"
    CompletedSameDay "RM" "completion has the date of service of the partial fill"
    CompletedBefore "RF" "partial fill and completion are in the wrong order"
    PartialAgain "RB" "another partial fill of this fill is not allowed"
    PartialIsCompleted "RP" "partial fill is reversed before its completion"
    // What is dispensed.
    UnknownProduct "54" "product id is not known"
    DiscontinuedProduct "77" "product id is discontinued"
    ProductNotCovered "70" "product is not covered"
    NotOfPartD "A5" "product is not covered under the law of Medicare Part D"
    MayBeOfPartB "A6" "product may be covered under Medicare Part B"
    NotOnFormulary "MR" "product is not on the formulary"
    AgeNotCovered "60" "product is not covered for the patient's age"
    SexNotCovered "61" "product is not covered for the patient's sex"
    PriorAuthorizationRequired "75" "prior authorization required"
    StepTherapyRequired "608" "another drug must be tried first"
    // How much, and when again.
    RefillTooSoon "79" "refill too soon"
    DaysSupplyExceeded "7X" "days supply exceeds what the plan allows"
    FirstFillExceeded "925" "first fill's days supply exceeds what the plan allows"
    QuantityExceeded "9G" "quantity dispensed exceeds what the plan allows"
    PlanLimitsExceeded "76" "plan limits exceeded"
    DurReject "88" "drug utilization review found a problem"
    // The house itself.
    SystemUnavailable "92" "the system is unavailable"
    HostProcessingError "99" "the claim could not be processed"
}

impl std::fmt::Display for RejectCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.code())
    }
}

impl std::str::FromStr for RejectCode {
    type Err = crate::ParseError;
    fn from_str(code: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.iter().find(|reject| reject.code() == code).copied();
        found.ok_or_else(|| crate::ParseError::new(code, "a reject code that OpenPBM answers with"))
    }
}

impl Serialize for RejectCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for RejectCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        code.parse().map_err(serde::de::Error::custom)
    }
}
