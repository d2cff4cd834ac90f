//! Progress bars on standard error; nothing where that is not a terminal.

use indicatif::{ProgressBar, ProgressStyle};

/// A bar that counts bytes.
pub(crate) fn bytes(total: u64, what: &'static str) -> ProgressBar {
    bar(total, what, "{msg} {wide_bar} {bytes}/{total_bytes} {eta}")
}

/// A bar that counts things.
pub(crate) fn items(total: u64, what: &'static str) -> ProgressBar {
    bar(total, what, "{msg} {wide_bar} {human_pos}/{human_len} {per_sec} {eta}")
}

fn bar(total: u64, what: &'static str, template: &str) -> ProgressBar {
    let style = ProgressStyle::with_template(template);
    let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(total).with_style(style).with_message(what)
}
