//! `package.txt`: what a pharmacy buys, each with its own code.

use openpbm_core::{Date, Ndc};
use rustc_hash::FxHashSet;

use super::super::input::Source;
use super::super::progress::Meter;
use super::super::{FileSummary, ImportError, Reason};
use super::product::{Products, read_end};
use super::read_table;
use super::unit::billing_unit;
use crate::BillingUnit;

/// A package and the place of its product.
pub(super) struct Package {
    pub(super) ndc: Ndc,
    pub(super) product: usize,
    pub(super) unit: Option<BillingUnit>,
    pub(super) discontinued: Option<Date>,
}

const COLUMNS: [&str; 6] = [
    "PRODUCTID",
    "NDCPACKAGECODE",
    "PACKAGEDESCRIPTION",
    "ENDMARKETINGDATE",
    "NDC_EXCLUDE_FLAG",
    "SAMPLE_PACKAGE",
];

/// Reads the packages, in the order of their codes.
pub(super) fn read_packages(
    source: Source<'_>,
    products: &Products,
    file: &mut FileSummary,
    meter: &mut Meter<'_>,
) -> Result<Vec<Package>, ImportError> {
    let mut packages = Vec::new();
    let mut codes = FxHashSet::default();
    read_table(source, COLUMNS, file, meter, |line, cells, file| {
        let package = read_row(cells, products)
            .and_then(|p| if codes.insert(p.ndc) { Ok(p) } else { Err(Reason::CodeAgain) });
        match package {
            Ok(package) => {
                file.take();
                packages.push(package);
            }
            Err(reason) => {
                let [id, code, _, end, flag, _] = cells;
                let value = match reason {
                    Reason::Date => end,
                    Reason::Excluded => flag,
                    Reason::NoProduct | Reason::ProductRefused => id,
                    _ => "",
                };
                file.refuse(reason, line, &format!("{code} {value}"));
            }
        }
    })?;
    packages.sort_unstable_by_key(|package| package.ndc);
    Ok(packages)
}

fn read_row(cells: [&str; 6], products: &Products) -> Result<Package, Reason> {
    let [id, code, description, end, flag, sample] = cells;
    let ndc = Ndc::from_hyphenated(code).map_err(|_| Reason::Code)?;
    if !matches!(flag, "" | "N" | "E") {
        return Err(Reason::Excluded);
    }
    if sample == "Y" {
        return Err(Reason::Sample);
    }
    let product = products.find(id)?;
    let form = products.get(product).map_or("", |product| &product.form);
    let unit = billing_unit(form, description);
    Ok(Package { ndc, product, unit, discontinued: read_end(end)? })
}
