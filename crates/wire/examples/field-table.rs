//! Prints `docs/reference/ncpdp-fields.md`, the field dictionary.

use std::io::Write;

fn main() -> std::io::Result<()> {
    std::io::stdout().write_all(openpbm_wire::ncpdp::fields::reference().as_bytes())
}
