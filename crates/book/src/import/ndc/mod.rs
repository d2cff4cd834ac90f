//! The FDA's NDC directory: `product.txt` says what a product is, `package.txt` how it is sold.
//! Both are tables with tabs between the cells; a package names its product by `PRODUCTID`.
//!
//! What becomes of the FDA's words:
//!
//! - Codes of ten digits in their three shapes become eleven (5-4-2).
//! - Ingredients are sorted, so that the same combination always reads the same, and take their
//!   strengths with them.
//! - The marketing category makes a product a brand (NDA, BLA) or a generic (ANDA, authorized
//!   generic). A product without an application goes by its name: sold under the name of its
//!   drug it is a generic, under a name of its own a brand.
//! - What the directory does not say stays unknown: the usual quantity, morphine equivalents, and
//!   the billing unit where form and package leave a doubt. The strengths of kits are `not listed`
//!   with the product's code, so that two kits never pass for the same drug.
//! - `NDC_EXCLUDE_FLAG` `E` says that the maker has not renewed its listing. Such packages are
//!   still on shelves, so they are taken; any flag but `N` and `E` refuses the row.

mod facts;
mod package;
mod product;
mod unit;

use std::io::Write;

use openpbm_core::ProductKind;

use self::package::{Package, read_packages};
use self::product::{Product, Products, read_products};
use super::input::{Lines, Source, find_columns};
use super::progress::Meter;
use super::{FileSummary, ImportError, Progress, Reason, Summary, text};
use crate::BillingUnit;

/// Turns the FDA's directory into a drug table, one row for each package, in the order of their
/// codes.
pub fn convert_ndc_directory(
    products: Source<'_>,
    packages: Source<'_>,
    output: &mut dyn Write,
    progress: &mut dyn FnMut(Progress),
) -> Result<Summary, ImportError> {
    let total = products.size().saturating_add(packages.size());
    let mut meter = Meter::new(total, progress);
    let mut product_file = FileSummary::new(products.name());
    let mut package_file = FileSummary::new(packages.name());
    let products = read_products(products, &mut product_file, &mut meter)?;
    let packages = read_packages(packages, &products, &mut package_file, &mut meter)?;
    write_table(&packages, &products, output)
        .map_err(|source| ImportError::Write { file: "the drug table".to_owned(), source })?;
    meter.done();
    let written = u64::try_from(packages.len()).unwrap_or(u64::MAX);
    let files = vec![product_file.sorted(), package_file.sorted()];
    Ok(Summary { files, document: String::new(), written })
}

/// Reads one of the two files: hands the named cells of every row that has as many cells as the
/// header to `take`, which counts the row.
fn read_table<const N: usize>(
    source: Source<'_>,
    names: [&'static str; N],
    file: &mut FileSummary,
    meter: &mut Meter<'_>,
    mut take: impl FnMut(u64, [&str; N], &mut FileSummary),
) -> Result<(), ImportError> {
    let mut lines = source.lines(meter)?;
    let (width, columns) = read_header(&mut lines, &file.file, names)?;
    while let Some(line) = lines.next()? {
        meter.tick();
        let row = match line.text {
            Ok(row) => row,
            Err(reason) => {
                file.refuse(reason, line.number, "");
                continue;
            }
        };
        let cells = text::tab_cells(&row);
        if cells.len() == width {
            let named = columns.map(|column| cells.get(column).map_or("", |cell| cell));
            take(line.number, named, file);
        } else {
            let found = format!("{} cells, expected {width}", cells.len());
            file.refuse(Reason::CellCount, line.number, &found);
        }
    }
    Ok(())
}

fn read_header<const N: usize>(
    lines: &mut Lines<'_>,
    file: &str,
    names: [&'static str; N],
) -> Result<(usize, [usize; N]), ImportError> {
    let header = match lines.next()? {
        Some(line) => line.text.unwrap_or_default().into_owned(),
        None => String::new(),
    };
    let cells = text::tab_cells(&header);
    let columns = find_columns(file, &cells, names, "the FDA's NDC directory")?;
    Ok((cells.len(), columns))
}

/// The columns of the book's drug table.
const TABLE: [&str; 13] = [
    "ndc",
    "name",
    "ingredient",
    "strength",
    "form",
    "class",
    "kind",
    "schedule",
    "otc",
    "unit",
    "usual_30",
    "mme",
    "discontinued",
];

fn write_table(
    packages: &[Package],
    products: &Products,
    output: &mut dyn Write,
) -> std::io::Result<()> {
    let mut table = csv::Writer::from_writer(output);
    table.write_record(TABLE)?;
    for package in packages {
        if let Some(product) = products.get(package.product) {
            write_row(&mut table, package, product)?;
        }
    }
    table.flush()
}

fn write_row(
    table: &mut csv::Writer<&mut dyn Write>,
    package: &Package,
    product: &Product,
) -> csv::Result<()> {
    let kind = match product.kind {
        ProductKind::Brand => "brand",
        ProductKind::Generic => "generic",
    };
    let unit = match package.unit {
        Some(BillingUnit::Each) => "EA",
        Some(BillingUnit::Millilitre) => "ML",
        Some(BillingUnit::Gram) => "GM",
        None => "",
    };
    let schedule = product.schedule.map(|schedule| schedule.to_string()).unwrap_or_default();
    let ends = [package.discontinued, product.discontinued];
    let discontinued = ends.into_iter().flatten().min().map(|day| day.to_string());
    table.write_record([
        package.ndc.to_string().as_str(),
        &product.name,
        &product.ingredient,
        &product.strength,
        &product.form,
        &product.class,
        kind,
        &schedule,
        if product.otc { "true" } else { "false" },
        unit,
        "",
        "",
        discontinued.as_deref().unwrap_or_default(),
    ])
}
