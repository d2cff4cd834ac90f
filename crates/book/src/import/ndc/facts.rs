//! From the directory's words to the book's: ingredients with their strengths, class, kind and
//! the name that people see.

use openpbm_core::ProductKind;

use super::super::text;

/// Ingredients and their strengths, each joined by ` / `, in the alphabetical order of the
/// ingredients.
///
/// A kit has no substances of its own; its ingredients are then those of its nonproprietary
/// name, and its strengths are unknown, as they are where the lists do not match.
pub(super) fn active_ingredients(
    substances: &str,
    numerators: &str,
    units: &str,
    nonproprietary: &str,
) -> (String, String) {
    let names: Vec<_> = list(substances).into_iter().map(ingredient).collect();
    let (numerators, units) = (list(numerators), list(units));
    if names.is_empty() {
        return (named_ingredients(nonproprietary), String::new());
    }
    let is_matched = names.len() == numerators.len() && names.len() == units.len();
    if !is_matched {
        let mut names = names;
        names.sort_unstable();
        return (names.join(" / "), String::new());
    }
    let strengths = numerators.iter().zip(units).map(|(number, unit)| strength(number, unit));
    let mut pairs: Vec<_> = names.into_iter().zip(strengths).collect();
    pairs.sort_unstable();
    let (names, strengths): (Vec<_>, Vec<_>) = pairs.into_iter().unzip();
    let is_known = strengths.iter().all(|strength| !strength.is_empty());
    (names.join(" / "), if is_known { strengths.join(" / ") } else { String::new() })
}

/// Splits at semicolons, except within parentheses: `SOY PROTEIN (ENZYMATIC; 2000 MW)` is one.
fn list(text: &str) -> Vec<&str> {
    let mut depth = 0_i32;
    let split = text.split(move |c| {
        depth = match c {
            '(' => depth.saturating_add(1),
            ')' => depth.saturating_sub(1).max(0),
            _ => depth,
        };
        c == ';' && depth == 0
    });
    let items: Vec<_> = split.map(str::trim).collect();
    if items.iter().all(|item| item.is_empty()) { Vec::new() } else { items }
}

/// Lower case, on one line, without the ` / ` that joins ingredients.
fn ingredient(name: &str) -> String {
    text::words(name).to_lowercase().replace(" / ", "/")
}

/// `norgestimate and ethinyl estradiol` names two ingredients.
fn named_ingredients(nonproprietary: &str) -> String {
    let names = text::words(nonproprietary).to_lowercase().replace(" and ", ",");
    let mut names: Vec<_> = names
        .split([',', ';', '/'])
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty())
        .collect();
    names.sort_unstable();
    names.dedup();
    names.join(" / ")
}

/// `.5` and `mg/.5mL` are 0.5 mg/0.5 mL; `/1` is one tablet, which goes without saying.
fn strength(number: &str, unit: &str) -> String {
    let (measure, per) = unit.split_once('/').unwrap_or((unit, "1"));
    if number.is_empty() || measure.trim().is_empty() {
        return String::new();
    }
    let per = per.trim();
    let split = per.find(|c: char| c != '.' && !c.is_ascii_digit()).unwrap_or(per.len());
    let (count, volume) = per.split_at_checked(split).unwrap_or((per, ""));
    let (number, measure, volume) = (decimal(number), word(measure), word(volume));
    match (count, volume) {
        ("" | "1", "") => format!("{number} {measure}"),
        ("" | "1", volume) => format!("{number} {measure}/{volume}"),
        (count, "") => format!("{number} {measure}/{}", decimal(count)),
        (count, volume) => format!("{number} {measure}/{} {volume}", decimal(count)),
    }
}

/// A number with a digit before its point.
fn decimal(number: &str) -> String {
    let number = text::words(number);
    if number.starts_with('.') { format!("0{number}") } else { number }
}

/// The units of pharmacies for those of the FDA's code system.
fn word(unit: &str) -> &str {
    match unit.trim() {
        "ug" => "mcg",
        "meq" => "mEq",
        "U" | "[iU]" | "[USP'U]" => "unit",
        other => other,
    }
}

/// The first established pharmacologic class, in lower case, without its mark.
pub(super) fn class(classes: &str) -> String {
    let Some((before, _)) = classes.split_once("[EPC]") else {
        return String::new();
    };
    // Names may have commas of their own; the mark of the class before ends with a bracket.
    let name = before.rsplit_once("],").map_or(before, |(_, name)| name);
    text::words(name).to_lowercase()
}

/// Brand or generic, by the application; without one, by whether the label's name is that of
/// the drug.
pub(super) fn kind(
    category: &str,
    label: &str,
    nonproprietary: &str,
    ingredient: &str,
) -> ProductKind {
    match category.to_ascii_uppercase().as_str() {
        "ANDA" | "NDA AUTHORIZED GENERIC" => ProductKind::Generic,
        "NDA" | "BLA" => ProductKind::Brand,
        _ => {
            let label = label.to_lowercase();
            let nonproprietary = nonproprietary.to_lowercase();
            let mut own = [nonproprietary.as_str(), ingredient].into_iter().filter_map(first_word);
            let is_named_so = own.any(|word| each_word(&label).any(|other| other == word));
            if is_named_so { ProductKind::Generic } else { ProductKind::Brand }
        }
    }
}

fn first_word(text: &str) -> Option<&str> {
    each_word(text).next()
}

fn each_word(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// The name that people see: what the label says, the strength if it is short, and the form's
/// first word.
pub(super) fn label(own_name: &str, strength: &str, form: &str) -> String {
    let strengths: Vec<_> = strength.split(" / ").collect();
    let strength = if strengths.len() <= 3 { strengths.join("-") } else { String::new() };
    let form = form.split(',').next().unwrap_or_default();
    text::words(&format!("{own_name} {strength} {form}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ingredients_are_sorted_and_keep_their_strengths() {
        for ((substances, numbers, units), ingredient, strength) in [
            (("APIXABAN", "5", "mg/1"), "apixaban", "5 mg"),
            (
                ("SALMETEROL XINAFOATE; FLUTICASONE PROPIONATE", "50; 100", "ug/1; ug/1"),
                "fluticasone propionate / salmeterol xinafoate",
                "100 mcg / 50 mcg",
            ),
            (("USTEKINUMAB", "45", "mg/.5mL"), "ustekinumab", "45 mg/0.5 mL"),
            (("INSULIN LISPRO", "100", "[iU]/mL"), "insulin lispro", "100 unit/mL"),
            (("AMOXICILLIN", "400", "mg/5mL"), "amoxicillin", "400 mg/5 mL"),
            (("ZINC OXIDE", ".12", "g/100g"), "zinc oxide", "0.12 g/100 g"),
            (
                ("GLYCERIN; SOY PROTEIN (ENZYMATIC; 2000 MW)", "10; .12", "g/100g; g/100g"),
                "glycerin / soy protein (enzymatic; 2000 mw)",
                "10 g/100 g / 0.12 g/100 g",
            ),
            (("FIBROBLAST; COLLAGEN", "", "/; /"), "collagen / fibroblast", ""),
            (("A; B", "1; ", "mg/1; mg/1"), "a / b", ""),
            (("", "", ""), "ethinyl estradiol / norgestimate", ""),
        ] {
            let kit = "Norgestimate and Ethinyl Estradiol";
            let found = active_ingredients(substances, numbers, units, kit);
            assert_eq!(found, (ingredient.to_owned(), strength.to_owned()), "{substances}");
        }
    }

    #[test]
    fn the_first_established_class_is_taken_whole() {
        for (classes, expected) in [
            ("Factor Xa Inhibitor [EPC],Factor Xa Inhibitors [MoA]", "factor xa inhibitor"),
            ("Antibodies, Monoclonal [CS],TNF Blocker [EPC]", "tnf blocker"),
            ("Vaccines, Live [CS],Vaccine, Live, Attenuated [EPC]", "vaccine, live, attenuated"),
            ("Amino Acids, Aromatic [CS]", ""),
            ("", ""),
        ] {
            assert_eq!(class(classes), expected, "{classes}");
        }
    }

    #[test]
    fn kind_goes_by_application_then_by_name() {
        use ProductKind::{Brand, Generic};
        for (category, label, nonproprietary, expected) in [
            ("NDA", "Eliquis", "apixaban", Brand),
            ("BLA", "Trulicity", "Dulaglutide", Brand),
            ("ANDA", "Sprintec", "norgestimate and ethinyl estradiol", Generic),
            ("NDA AUTHORIZED GENERIC", "Albuterol", "albuterol sulfate", Generic),
            ("OTC MONOGRAPH FINAL", "good sense aspirin", "Aspirin", Generic),
            ("OTC MONOGRAPH NOT FINAL", "Head & Shoulders", "pyrithione zinc", Brand),
            ("UNAPPROVED DRUG OTHER", "Hyoscyamine Sulfate", "hyoscyamine sulfate", Generic),
            ("UNAPPROVED DRUG OTHER", "Donnatal", "phenobarbital, hyoscyamine", Brand),
        ] {
            assert_eq!(kind(category, label, nonproprietary, "x"), expected, "{label}");
        }
    }

    #[test]
    fn names_say_strength_and_form() {
        assert_eq!(label("Eliquis", "5 mg", "tablet, film coated"), "Eliquis 5 mg tablet");
        assert_eq!(label("Entresto", "24 mg / 26 mg", "tablet"), "Entresto 24 mg-26 mg tablet");
        assert_eq!(
            label("Adderall XR", "5 mg / 5 mg / 5 mg / 5 mg", "capsule"),
            "Adderall XR capsule"
        );
        assert_eq!(label("Humira", "", "kit"), "Humira kit");
    }
}
