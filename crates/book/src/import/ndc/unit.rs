//! Billing units. The directory has none; form and package tell them for most packages.

use crate::BillingUnit;

/// Forms that are counted, whatever they are packed in. A powder for injection is one vial.
const COUNTED: [&str; 13] = [
    "tablet",
    "capsule",
    "kit",
    "patch",
    "suppository",
    "film",
    "lozenge",
    "troche",
    "gum",
    "insert",
    "implant",
    "injection, powder",
    "pellet",
];

/// Forms that are billed by count, weight or volume, each maker's in another way.
const DOUBTFUL: [&str; 3] = ["aerosol", "gas", "inhalant"];

/// What one billing unit of a package is; `None` if form and package leave a doubt.
pub(super) fn billing_unit(form: &str, package: &str) -> Option<BillingUnit> {
    if COUNTED.iter().any(|counted| form.starts_with(counted)) {
        return Some(BillingUnit::Each);
    }
    if DOUBTFUL.iter().any(|doubtful| form.starts_with(doubtful)) {
        return None;
    }
    // `5 SYRINGE in 1 CARTON (0169-2800-15)  > 3 mL in 1 SYRINGE`: the last part is what is in it.
    let contents = package.rsplit('>').next()?.trim();
    let measure = contents.split_once(" in ")?.0.split_whitespace().nth(1)?;
    match measure {
        "mL" | "L" => Some(BillingUnit::Millilitre),
        "g" | "kg" => Some(BillingUnit::Gram),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_read_where_they_are_sure() {
        use BillingUnit::{Each, Gram, Millilitre};
        for (form, package, unit) in [
            (
                "tablet, film coated",
                "90 TABLET, FILM COATED in 1 BOTTLE (0093-5056-98) ",
                Some(Each),
            ),
            ("kit", "1 KIT in 1 CARTON (59148-072-80)  *  5 mL in 1 SYRINGE", Some(Each)),
            (
                "injection, powder, for solution",
                "1 VIAL in 1 CARTON (0002-1433-61)  > 10 mL in 1 VIAL",
                Some(Each),
            ),
            (
                "injection, solution",
                "5 SYRINGE in 1 CARTON (0169-2800-15)  > 3 mL in 1 SYRINGE (0169-2800-90) ",
                Some(Millilitre),
            ),
            ("cream", "1 TUBE in 1 CARTON (0093-3219-15)  > 15 g in 1 TUBE", Some(Gram)),
            (
                "aerosol, metered",
                "1 INHALER in 1 CARTON  > 200 AEROSOL, METERED in 1 INHALER",
                None,
            ),
            ("liquid", "1 BOTTLE", None),
            ("", "", None),
        ] {
            assert_eq!(billing_unit(form, package), unit, "{form}: {package}");
        }
    }
}
