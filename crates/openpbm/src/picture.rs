//! How the program's pictures look: they follow the reader's light or dark theme.

/// Styles of what every picture has: its page, title, words and lines behind what is drawn.
pub(crate) const STYLE: &str = "\
text{font:13px system-ui,-apple-system,'Segoe UI',sans-serif;fill:#475569}\
.page{fill:#fff}.title{font-size:20px;font-weight:600;fill:#0f172a}.end{text-anchor:end}\
.grid{stroke:#e2e8f0;stroke-width:1}\
@media(prefers-color-scheme:dark){.page{fill:#0f172a}text{fill:#94a3b8}.title{fill:#f1f5f9}\
.grid{stroke:#1e293b}}";
