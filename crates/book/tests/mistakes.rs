//! Planted mistakes: what is said of them, to the letter; and that all of them are said.

use openpbm_book::{Book, InMemory, Severity};

use crate::support::{appended, book, documents, replaced, said, with};

/// One planted mistake of `mistakes.txt`.
#[derive(Default)]
struct Case<'t> {
    path: &'t str,
    old: Vec<&'t str>,
    new: Vec<&'t str>,
    expected: Vec<&'t str>,
}

fn cases(text: &str) -> Vec<Case<'_>> {
    let mut cases: Vec<Case<'_>> = Vec::new();
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (mark, rest) = line.split_at(1);
        let rest = rest.strip_prefix(' ').unwrap_or(rest);
        if mark == ">" {
            cases.push(Case { path: rest, ..Case::default() });
            continue;
        }
        let case = cases.last_mut().expect("a case begins with its document");
        match mark {
            "-" => case.old.push(rest),
            "+" => case.new.push(rest),
            "!" => case.expected.push(rest),
            _ => panic!("not a line of a case: {line}"),
        }
    }
    cases
}

#[test]
fn the_small_book_has_no_mistake() {
    assert_eq!(said(&documents()), Vec::<String>::new());
}

#[test]
fn each_mistake_is_told_to_the_letter() {
    let cases = cases(include_str!("mistakes.txt"));
    assert!(cases.len() > 60, "{} cases", cases.len());
    let mut wrong = Vec::new();
    for case in cases {
        let (old, new) = (case.old.join("\n"), case.new.join("\n"));
        let found = said(&with(case.path, &old, &new));
        if found != case.expected {
            wrong.push(format!("{}: `{old}` -> `{new}`:\n{}", case.path, found.join("\n")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn mistakes_of_several_documents_are_told_at_once() {
    let documents = with("book.toml", "bin = \"900001\"", "bin = 900001");
    let documents = replaced(documents, "groups.toml", "plan = \"ppo\"", "plan = \"pop\"");
    let documents = replaced(documents, "groups.toml", "line = \"commercial\"", "line = 1");
    let documents = replaced(documents, "plans/ppo.toml", "days = 34", "days = -1");
    let documents = replaced(documents, "plans/ppo.toml", "used = \"75%\"", "used = 75");
    let documents = replaced(documents, "formularies/main.toml", "tier = 2", "tier = 2,");
    let documents = replaced(documents, "drugs/test.csv", "00000000107", "0000000107");
    let documents = replaced(documents, "prices/nadac.csv", "0.20000,2026", "cheap,2026");
    let found = said(&documents);
    let places: Vec<&str> = found.iter().map(|text| text.split(": ").next().unwrap()).collect();
    assert_eq!(
        places,
        [
            "book.toml:2:7",
            "drugs/test.csv:8",
            "formularies/main.toml:16:9",
            "groups.toml:5:8",
            "groups.toml:6:8",
            "plans/ppo.toml:18:8",
            "plans/ppo.toml:22:20",
            "prices/nadac.csv:5",
        ]
    );
}

#[test]
fn what_names_a_thing_with_a_mistake_is_not_blamed() {
    let found = said(&with("plans/ppo.toml", "name = \"PPO\"\n", ""));
    assert_eq!(found, ["plans/ppo.toml:1:1: `name` is missing in the document"]);
}

#[test]
fn documents_are_missing_or_strange() {
    let mut documents = documents();
    documents.remove("prescribers.csv");
    documents.remove("plans/ppo.toml");
    documents.put("plans/ppo.toml~", "");
    documents.put("archive/2025/plan.toml", "");
    documents.put("README.md", "not read");
    documents.put("members.csv", "not read either");
    let found = said(&documents);
    let strange = ": not a document of a book: expected book.toml, groups.toml, networks.toml, \
                   dur.toml, measures.toml, plans/*.toml, formularies/*.toml, pharmacies.csv, \
                   prescribers.csv, drugs/*.csv or prices/*.csv";
    assert!(found.contains(&format!("archive/2025/plan.toml{strange}")), "{found:#?}");
    assert!(found.contains(&format!("plans/ppo.toml~{strange}")), "{found:#?}");
    assert!(found.contains(&"prescribers.csv: this document is missing".to_owned()));
    assert!(found.contains(&"plans/*.toml: this document is missing".to_owned()));
    let blamed = "groups.toml:6:8: `plan`: found `ppo`, expected the id of a plan";
    assert!(found.contains(&blamed.to_owned()), "{found:#?}");
    assert_eq!(found.len(), 7, "{found:#?}");
}

#[test]
fn two_terms_on_one_day_name_both_lines() {
    let second = "\n[[group]]\nid = \"ACME\"\nname = \"Acme\"\nsponsor = \"Acme\"\n\
                  line = \"commercial\"\nplan = \"ppo\"\nfrom = 2026-07-01\n";
    let found = said(&appended(documents(), "groups.toml", second));
    let text = "groups.toml:9:1: group `ACME` is in force on days that groups.toml:1 has, too";
    assert_eq!(found, [text]);
}

#[test]
fn a_long_list_of_mistakes_is_cut_and_counted() {
    let mut rows = String::from("ndc,unit_price,from\n");
    for row in 0..250 {
        rows.push_str(&format!("{row},1.00000,2026-01-01\n"));
    }
    let mut documents = documents();
    documents.put("prices/nadac.csv", rows);
    let mistakes = Book::check(&documents).mistakes;
    assert_eq!(mistakes.count(Severity::Mistake), 250);
    assert_eq!(mistakes.listed().len(), 100);
    let text = mistakes.to_string();
    assert!(text.contains("prices/nadac.csv: and another 150 mistakes"), "{text}");
    assert!(text.ends_with("250 mistakes, 0 warnings"), "{text}");
}

#[test]
fn lines_of_tables_are_counted_with_blank_lines_and_any_line_ends() {
    for (text, lines) in [
        ("npi,name\n\n\n1999000114,A\nbad,B\n", [4, 5]),
        ("npi,name\r\n\r\n1999000114,A\r\nbad,B\r\n", [3, 4]),
        ("\u{feff}npi,name\n1999000114,\"A, \"\"B\"\"\"\n\nbad,B", [2, 4]),
    ] {
        let mut documents = documents();
        documents.put("prescribers.csv", text);
        let mistakes = Book::check(&documents).mistakes;
        assert_eq!(mistakes.listed()[0].line, Some(lines[1]), "{text:?}");
        let text = text.replace("bad", "1999000130");
        documents.put("prescribers.csv", text.as_str());
        let book = book(&documents);
        let mut found: Vec<u32> = book.prescribers().map(|row| row.source.line).collect();
        found.sort_unstable();
        assert_eq!(found, lines, "{text:?}");
    }
}

#[test]
fn bytes_that_are_no_text_are_told_with_their_line() {
    let mut documents = documents();
    documents.put("groups.toml", b"# a comment\n[[group]]\nid = \"\xff\"\n".as_slice());
    documents.put("prescribers.csv", b"npi,name\n1999000114,Jos\xe9\n".as_slice());
    let expected = "found bytes that are not UTF-8, expected UTF-8 text";
    assert_eq!(
        said(&documents),
        [format!("groups.toml:3: {expected}"), format!("prescribers.csv:2: {expected}")]
    );
}

#[test]
fn an_empty_set_misses_every_document() {
    let found = said(&InMemory::new());
    assert_eq!(found.len(), 8, "{found:#?}");
}

/// Asks for an unknown key or column everywhere, and looks for what was expected instead in the
/// reference.
#[test]
fn every_key_and_column_stands_in_the_reference() {
    let reference = include_str!("../../../docs/reference/book.md");
    let section = |path: &str| {
        let (_, behind) = reference.split_once(&format!("\n## `{path}`\n")).expect(path);
        behind.split("\n## ").next().unwrap()
    };
    let mut keys = 0;
    for (path, name, old, new) in [
        ("book.toml", "book.toml", "bin =", "zz = 1\nbin ="),
        ("book.toml", "book.toml", "basis =", "zz = 1\nbasis ="),
        ("groups.toml", "groups.toml", "sponsor =", "zz = 1\nsponsor ="),
        ("networks.toml", "networks.toml", "name =", "zz = 1\nname ="),
        ("networks.toml", "networks.toml", "rate = \"101%\"", "zz = 1, rate = \"101%\""),
        ("plans/ppo.toml", "plans/*.toml", "name =", "zz = 1\nname ="),
        ("plans/ppo.toml", "plans/*.toml", "[deductible]", "[deductible]\nzz = 1"),
        ("plans/ppo.toml", "plans/*.toml", "[refill]", "[refill]\nzz = 1"),
        ("plans/ppo.toml", "plans/*.toml", "[supply]", "[supply]\nzz = 1"),
        ("plans/ppo.toml", "plans/*.toml", "days = 34", "zz = 1, days = 34"),
        ("plans/ppo.toml", "plans/*.toml", "coinsurance", "zz = 1\ncoinsurance"),
        ("plans/ppo.toml", "plans/*.toml", "[refill]", "[[exempt]]\nzz = 1\n[refill]"),
        ("plans/ppo.toml", "plans/*.toml", "[refill]", "[income_cap]\nzz = 1\n[refill]"),
        ("plans/ppo.toml", "plans/*.toml", "[refill]", "[coordination]\nzz = 1\n[refill]"),
        ("plans/ppo.toml", "plans/*.toml", "[refill]", "[coupon]\nzz = 1\n[refill]"),
        ("plans/ppo.toml", "plans/*.toml", "[refill]", "[reimbursement]\nzz = 1\n[refill]"),
        ("plans/ppo.toml", "plans/*.toml", "[refill]", "[[coordination.chase]]\nzz = 1\n[refill]"),
        ("plans/ppo.toml", "plans/*.toml", "[refill]", "[emergency_supply]\nzz = 1\n[refill]"),
        ("plans/ppo.toml", "plans/*.toml", "[refill]", "[partial_fills]\nzz = 1\n[refill]"),
        ("plans/ppo.toml", "plans/*.toml", "[refill]", "[part_d.transition]\nzz = 1\n[refill]"),
        ("formularies/main.toml", "formularies/*.toml", "tier = 3", "part_b = { zz = 1 }"),
        ("formularies/main.toml", "formularies/*.toml", "priced_by", "zz = 1\npriced_by"),
        ("formularies/main.toml", "formularies/*.toml", "tier = 3", "zz = 1"),
        ("formularies/main.toml", "formularies/*.toml", "class =", "zz = 1, class ="),
        ("formularies/main.toml", "formularies/*.toml", "units =", "zz = 1, units ="),
        ("formularies/main.toml", "formularies/*.toml", "tier = 3", "step = { zz = 1 }"),
        ("formularies/main.toml", "formularies/*.toml", "tier = 3", "preventive = { zz = 1 }"),
        ("formularies/main.toml", "formularies/*.toml", "tier = 3", "authorization = { zz = 1 }"),
        ("formularies/main.toml", "formularies/*.toml", "tier = 3", "first_fill = { zz = 1 }"),
        ("dur.toml", "dur.toml", "reason =", "zz = 1\nreason ="),
        ("measures.toml", "measures.toml", "name =", "zz = 1\nname ="),
        ("pharmacies.csv", "pharmacies.csv", ",to\n", ",zz\n"),
        ("prescribers.csv", "prescribers.csv", "sanctioned_to", "zz"),
        ("drugs/test.csv", "drugs/*.csv", ",discontinued\n", ",zz\n"),
        ("prices/nadac.csv", "prices/<list>.csv", ",to\n", ",zz\n"),
    ] {
        let found = said(&with(path, old, new));
        let line = found.iter().find(|line| line.contains("`zz`")).expect(path);
        let (_, expected) = line.split_once("expected only ").unwrap();
        for key in expected.split(", ").map(|key| key.trim_matches('`')) {
            let text = section(name);
            let stands = [format!("`{key}`"), format!("{key} = "), format!("{key},")]
                .iter()
                .chain(&[format!("[{key}]"), format!(", {key} ")])
                .any(|form| text.contains(form.as_str()));
            assert!(stands, "`{key}` of {path} is not in the reference");
            keys += 1;
        }
    }
    assert!(keys > 100, "{keys} keys");
}
