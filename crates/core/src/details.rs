//! What a claim may say beyond what every claim must: each part is empty unless the pharmacy
//! sent it, and an empty part takes no room in the stored form.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::stored::{is_empty, sparse};
use crate::{Cents, Date, Ndc, PrescriptionNumber, Quantity};

/// What a claim says beyond what every claim must.
#[derive(Debug, Default, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Encode, Decode)]
#[serde(default)]
pub struct Details {
    /// 420-DK, three at most: why a claim that would be refused should be paid.
    #[serde(skip_serializing_if = "is_empty")]
    #[n(0)]
    #[cbor(with = "sparse", has_nil)]
    pub clarifications: Vec<u16>,
    /// What the pharmacy charges, part by part.
    #[serde(skip_serializing_if = "is_empty")]
    #[n(1)]
    #[cbor(with = "sparse", has_nil)]
    pub charges: Charges,
    /// 337-4C: what other payers have answered, in the order sent, nine at most.
    #[serde(skip_serializing_if = "is_empty")]
    #[n(2)]
    #[cbor(with = "sparse", has_nil)]
    pub other_payers: Vec<OtherPayer>,
    /// A manufacturer's coupon (segment 09).
    #[serde(skip_serializing_if = "is_empty")]
    #[n(3)]
    pub coupon: Option<Coupon>,
    /// The authorization under which the pharmacy claims.
    #[serde(skip_serializing_if = "is_empty")]
    #[n(4)]
    pub authorization: Option<ClaimedAuthorization>,
    /// For a fill in two parts, which part this is.
    #[serde(skip_serializing_if = "is_empty")]
    #[n(5)]
    pub partial: Option<PartialFill>,
    /// For a compound, what it is made of (segment 10).
    #[serde(skip_serializing_if = "is_empty")]
    #[n(6)]
    pub compound: Option<Compound>,
    /// Where and how the product reaches the patient.
    #[serde(skip_serializing_if = "is_empty")]
    #[n(7)]
    #[cbor(with = "sparse", has_nil)]
    pub setting: Setting,
    /// What the prescription says.
    #[serde(skip_serializing_if = "is_empty")]
    #[n(8)]
    #[cbor(with = "sparse", has_nil)]
    pub prescribed: Prescribed,
    /// 440-E5, each as sent without a conflict or a result: what the pharmacist did, like `MA` for
    /// giving a vaccine. With both it is a [`DurOverride`](crate::DurOverride).
    #[serde(skip_serializing_if = "is_empty")]
    #[n(9)]
    #[cbor(with = "sparse", has_nil)]
    pub professional_services: Vec<String>,
    /// 474-8E, the highest sent: 11 the least effort to 15 the most.
    #[serde(skip_serializing_if = "is_empty")]
    #[n(10)]
    pub level_of_effort: Option<u8>,
    /// 391-MT is N: the member has paid and submits the claim, so the plan pays the member.
    #[serde(skip_serializing_if = "is_empty")]
    #[n(20)]
    #[cbor(with = "sparse", has_nil)]
    pub member_submitted: bool,
}

impl Details {
    /// True if the pharmacy sent that clarification (420-DK).
    pub fn clarifies(&self, code: u16) -> bool {
        self.clarifications.contains(&code)
    }
}

/// An amount and what it is for, a two-digit code of the field's own list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Encode, Decode)]
pub struct QualifiedAmount {
    /// What the amount is for.
    #[n(0)]
    pub qualifier: u8,
    /// Not below zero.
    #[n(1)]
    pub amount: Cents,
}

/// What the pharmacy charges beside 426-DQ and 430-DU, none of it below zero.
#[derive(Debug, Default, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Encode, Decode)]
#[serde(default)]
pub struct Charges {
    /// 409-D9.
    #[serde(skip_serializing_if = "is_empty")]
    #[n(0)]
    pub ingredient_cost: Option<Cents>,
    /// 412-DC.
    #[serde(skip_serializing_if = "is_empty")]
    #[n(1)]
    pub dispensing_fee: Option<Cents>,
    /// 477-BE.
    #[serde(skip_serializing_if = "is_empty")]
    #[n(2)]
    pub professional_service_fee: Option<Cents>,
    /// 438-E3, for giving a vaccine too.
    #[serde(skip_serializing_if = "is_empty")]
    #[n(3)]
    pub incentive: Option<Cents>,
    /// 480-H9 under 479-H8.
    #[serde(skip_serializing_if = "is_empty")]
    #[n(4)]
    #[cbor(with = "sparse", has_nil)]
    pub other_amounts: Vec<QualifiedAmount>,
    /// 481-HA.
    #[serde(skip_serializing_if = "is_empty")]
    #[n(5)]
    pub flat_tax: Option<Cents>,
    /// 482-GE.
    #[serde(skip_serializing_if = "is_empty")]
    #[n(6)]
    pub percentage_tax: Option<Cents>,
    /// 483-HE in ten-thousandths of a percent: 62,500 are 6.25%.
    #[serde(skip_serializing_if = "is_empty")]
    #[n(7)]
    pub tax_rate: Option<u32>,
    /// 484-JE.
    #[serde(skip_serializing_if = "is_empty")]
    #[n(8)]
    pub tax_basis: Option<TaxBasis>,
    /// 433-DX: what the patient has paid already.
    #[serde(skip_serializing_if = "is_empty")]
    #[n(9)]
    pub patient_paid: Option<Cents>,
    /// 423-DN, what 409-D9 is based on; 8 is a 340B price.
    #[serde(skip_serializing_if = "is_empty")]
    #[n(10)]
    pub cost_basis: Option<u8>,
}

/// What a percentage of sales tax is taken of (484-JE).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum TaxBasis {
    /// 02.
    #[n(0)]
    IngredientCost,
    /// 03.
    #[n(1)]
    IngredientCostAndFee,
    /// 04.
    #[n(2)]
    ProfessionalServiceFee,
}

impl TaxBasis {
    /// Every basis.
    pub const ALL: [Self; 3] =
        [Self::IngredientCost, Self::IngredientCostAndFee, Self::ProfessionalServiceFee];

    /// The code of 484-JE and 561-AZ.
    pub const fn code(self) -> &'static str {
        match self {
            Self::IngredientCost => "02",
            Self::IngredientCostAndFee => "03",
            Self::ProfessionalServiceFee => "04",
        }
    }
}

/// One other payer's answer to the same claim.
#[derive(Debug, Default, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Encode, Decode)]
#[serde(default)]
pub struct OtherPayer {
    /// 338-5C: 1 primary, 2 secondary, up to 9; 98 a coupon, 99 a composite of several.
    #[n(0)]
    pub coverage_type: u8,
    /// 340-7C, as sent.
    #[serde(skip_serializing_if = "is_empty")]
    #[n(1)]
    pub id: Option<String>,
    /// 443-E8, the day of its answer.
    #[serde(skip_serializing_if = "is_empty")]
    #[n(2)]
    pub date: Option<Date>,
    /// 431-DV under 342-HC; 7 is the drug benefit.
    #[serde(skip_serializing_if = "is_empty")]
    #[n(3)]
    #[cbor(with = "sparse", has_nil)]
    pub paid: Vec<QualifiedAmount>,
    /// 472-6E, as sent.
    #[serde(skip_serializing_if = "is_empty")]
    #[n(4)]
    #[cbor(with = "sparse", has_nil)]
    pub rejects: Vec<String>,
    /// 352-NQ under 351-NP: 1 deductible, 5 copay, 6 all the patient pays, 7 coinsurance…
    #[serde(skip_serializing_if = "is_empty")]
    #[n(5)]
    #[cbor(with = "sparse", has_nil)]
    pub left_to_patient: Vec<QualifiedAmount>,
    /// 394-MW under 393-MV: how much fell into each stage of Medicare Part D.
    #[serde(skip_serializing_if = "is_empty")]
    #[n(6)]
    #[cbor(with = "sparse", has_nil)]
    pub benefit_stages: Vec<QualifiedAmount>,
}

/// A manufacturer's coupon.
#[derive(Debug, Default, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Encode, Decode)]
#[serde(default)]
pub struct Coupon {
    /// 485-KE: 1 a price discount, 2 a free product, 99 other.
    #[n(0)]
    pub kind: u8,
    /// 486-ME.
    #[n(1)]
    pub number: String,
    /// 487-NE, not below zero.
    #[serde(skip_serializing_if = "is_empty")]
    #[n(2)]
    pub value: Option<Cents>,
}

/// The authorization or exemption under which a pharmacy claims.
#[derive(Debug, Default, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Encode, Decode)]
#[serde(default)]
pub struct ClaimedAuthorization {
    /// 461-EU: 1 a prior authorization, 4 exempt from copay, 8 an exemption of the payer's…
    #[n(0)]
    pub kind: u8,
    /// 462-EV, 0 where only the type was sent.
    #[n(1)]
    pub number: u64,
}

/// A fill in two parts, because the pharmacy had not all of it at once (343-HD).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Encode, Decode)]
pub struct PartialFill {
    /// 344-HF, above zero.
    #[n(0)]
    pub quantity_intended: Quantity,
    /// 345-HG, at least 1.
    #[n(1)]
    pub days_intended: u16,
    /// For the completion (`C`), the partial fill (`P`) that it completes.
    #[serde(default, skip_serializing_if = "is_empty")]
    #[n(2)]
    pub completes: Option<Completed>,
}

/// The partial fill that another one completes.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Encode, Decode)]
pub struct Completed {
    /// 456-EN.
    #[n(0)]
    pub prescription: PrescriptionNumber,
    /// 457-EP.
    #[n(1)]
    pub date_of_service: Date,
}

/// What a compound is made of.
#[derive(Debug, Default, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Encode, Decode)]
#[serde(default)]
pub struct Compound {
    /// 1 to 25, in the order sent.
    #[n(0)]
    pub ingredients: Vec<Ingredient>,
    /// 450-EF, the dosage form made.
    #[serde(skip_serializing_if = "is_empty")]
    #[n(1)]
    pub form: Option<String>,
    /// 995-E2, how it is taken: a SNOMED CT code.
    #[serde(skip_serializing_if = "is_empty")]
    #[n(2)]
    pub route: Option<String>,
}

/// One ingredient of a compound.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Encode, Decode)]
pub struct Ingredient {
    /// 489-TE under qualifier 03.
    #[n(0)]
    pub ndc: Ndc,
    /// 448-ED, above zero, in the ingredient's billing units.
    #[n(1)]
    pub quantity: Quantity,
    /// 449-EE, not below zero.
    #[serde(default, skip_serializing_if = "is_empty")]
    #[n(2)]
    pub cost: Option<Cents>,
    /// 490-UE, what 449-EE is based on.
    #[serde(default, skip_serializing_if = "is_empty")]
    #[n(3)]
    pub cost_basis: Option<u8>,
}

/// Where and how the product reaches the patient.
#[derive(Debug, Default, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Encode, Decode)]
#[serde(default)]
pub struct Setting {
    /// 384-4X: 1 home, 3 nursing facility, 4 assisted living, 9 intermediate care, 11 hospice…
    #[serde(skip_serializing_if = "is_empty")]
    #[n(0)]
    pub residence: Option<u8>,
    /// 307-C7, a code of CMS; 1 is a pharmacy.
    #[serde(skip_serializing_if = "is_empty")]
    #[n(1)]
    pub place_of_service: Option<u8>,
    /// 147-U7: 1 retail, 3 home infusion, 5 long-term care, 6 mail order, 8 specialty…
    #[serde(skip_serializing_if = "is_empty")]
    #[n(2)]
    pub pharmacy_service: Option<u8>,
    /// 418-DI: 3 emergency, 6 in-home service…
    #[serde(skip_serializing_if = "is_empty")]
    #[n(3)]
    pub level_of_service: Option<u8>,
    /// 429-DT: 1 no unit doses, 3 unit doses by the pharmacy…
    #[serde(skip_serializing_if = "is_empty")]
    #[n(4)]
    pub packaging: Option<u8>,
}

/// What the prescription says.
#[derive(Debug, Default, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Encode, Decode)]
#[serde(default)]
pub struct Prescribed {
    /// 414-DE.
    #[serde(skip_serializing_if = "is_empty")]
    #[n(0)]
    pub written: Option<Date>,
    /// 419-DJ: 1 written, 2 telephone, 3 electronic, 4 fax, 5 pharmacy.
    #[serde(skip_serializing_if = "is_empty")]
    #[n(1)]
    pub origin: Option<u8>,
    /// 460-ET, above zero.
    #[serde(skip_serializing_if = "is_empty")]
    #[n(2)]
    pub quantity: Option<Quantity>,
    /// 415-DF: the refills allowed, 99 as often as needed.
    #[serde(skip_serializing_if = "is_empty")]
    #[n(3)]
    pub refills: Option<u8>,
}
