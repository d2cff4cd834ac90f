//! Tidiness as a ratchet: what is long today may only become shorter, and nothing new may be.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;

const COLUMNS: usize = 100;
const LINES_OF_FILE: usize = 1000;
const LINES_OF_FUNCTION: usize = 70;

/// Functions that are longer, and how long they may be: a table read top-down says more in one
/// piece. The list may only shrink.
const LONG_FUNCTIONS: [(&str, usize); 1] = [("finding.rs: fmt", 90)];

/// Everything that is untidy.
pub(crate) fn check(root: &Path) -> anyhow::Result<Vec<String>> {
    let mut wrong = Vec::new();
    for folder in ["crates", "testing", "xtask", "benches", "fuzz/fuzz_targets"] {
        for file in files(&root.join(folder))? {
            let name = file.strip_prefix(root).unwrap_or(&file).display().to_string();
            if name.ends_with(".rs") {
                let text = fs::read_to_string(&file).context(name.clone())?;
                source(&name, &text, &mut wrong);
            }
        }
    }
    for file in files(&root.join("docs"))?.into_iter().chain(files_beside(root)?) {
        let name = file.strip_prefix(root).unwrap_or(&file).display().to_string();
        if name.ends_with(".md") {
            document(&name, &fs::read_to_string(&file).context(name.clone())?, &mut wrong);
        }
    }
    Ok(wrong)
}

/// All files below a folder, in order; none of what builds leave behind.
fn files(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        let entries = fs::read_dir(&next).with_context(|| next.display().to_string())?;
        for entry in entries {
            let path = entry?.path();
            if path.is_dir() && !path.ends_with("target") {
                folders.push(path);
            } else if path.is_file() {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

fn files_beside(root: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(root)?.map(|entry| entry.map(|entry| entry.path()));
    let paths: Vec<_> = entries.collect::<Result<_, _>>()?;
    Ok(paths.into_iter().filter(|path| path.is_file()).collect())
}

fn source(name: &str, text: &str, wrong: &mut Vec<String>) {
    if !text.starts_with("//!") && !text.starts_with("#![no_main]") {
        wrong.push(format!("{name}: begins without `//!` that says why it exists"));
    }
    let lines = text.lines().count();
    if lines > LINES_OF_FILE {
        wrong.push(format!("{name}: {lines} lines, at most {LINES_OF_FILE}"));
    }
    for (number, line) in text.lines().enumerate() {
        let columns = line.chars().count();
        // A table in a test is read across; breaking its rows would hide what they say.
        let in_table = line.trim_start().starts_with(['|', '"']);
        if columns > COLUMNS && !in_table {
            wrong.push(format!("{name}:{}: {columns} columns, at most {COLUMNS}", number + 1));
        }
        let unfinished = ["to", "do!("].concat();
        if line.contains(&unfinished) || line.contains(&["FIX", "ME"].concat()) {
            wrong.push(format!("{name}:{}: unfinished work is an issue, not a remark", number + 1));
        }
    }
    long_functions(name, text, wrong);
}

/// A function begins at a line with `fn` and ends at the first `}` of the same indentation, as
/// rustfmt writes it.
fn long_functions(name: &str, text: &str, wrong: &mut Vec<String>) {
    let file = name.rsplit('/').next().unwrap_or(name);
    let mut open: Option<(usize, usize, String)> = None;
    for (number, line) in text.lines().enumerate() {
        let indent = line.len() - line.trim_start().len();
        if let Some((start, depth, function)) = &open {
            if line.trim_end() == format!("{}}}", " ".repeat(*depth)) {
                let length = number - start + 1;
                let key = format!("{file}: {function}");
                let known = LONG_FUNCTIONS.iter().find(|(long, _)| *long == key);
                let most = known.map_or(LINES_OF_FUNCTION, |(_, most)| *most);
                if length > most {
                    let at = start + 1;
                    wrong.push(format!("{name}:{at}: fn {function} has {length} lines of {most}"));
                }
                open = None;
            }
        } else if let Some(function) = function_name(line) {
            open = (!line.trim_end().ends_with(['}', ';'])).then_some((number, indent, function));
        }
    }
}

fn function_name(line: &str) -> Option<String> {
    let line = line.trim_start();
    let (before, after) = line.split_once("fn ")?;
    let qualifiers = ["pub", "const", "async", "unsafe", "extern"];
    let is_head = before
        .split_whitespace()
        .all(|word| qualifiers.iter().any(|qualifier| word.starts_with(qualifier)));
    let name: String = after.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    (is_head && !name.is_empty()).then_some(name)
}

/// A document has one title, on its first line.
fn document(name: &str, text: &str, wrong: &mut Vec<String>) {
    let mut in_code = false;
    let mut titles = 0;
    for line in text.lines() {
        if line.starts_with("```") {
            in_code = !in_code;
        }
        titles += usize::from(!in_code && line.starts_with("# "));
    }
    if titles != 1 || !text.starts_with("# ") {
        wrong.push(format!("{name}: {titles} titles; one, on the first line, is right"));
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_house_is_tidy() {
        let wrong = super::check(&crate::root()).unwrap();
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    #[test]
    fn a_long_function_is_seen() {
        let body = "    step();\n".repeat(80);
        let mut wrong = Vec::new();
        super::source("x.rs", &format!("//! X.\nfn long() {{\n{body}}}\n"), &mut wrong);
        assert_eq!(wrong, ["x.rs:2: fn long has 82 lines of 70"]);
    }
}
