//! The sample book, and the sample book with one document changed.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, LazyLock, OnceLock};

use openpbm_book::{Book, Documents, Folder, InMemory};

use crate::tables;

/// Where the sample book's documents are.
pub(crate) const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../sample");

/// The Part D plan.
const PDP: &str = "plans/pdp.toml";

/// The sample book as it is.
pub(crate) fn sample() -> &'static Arc<Book> {
    static BOOK: LazyLock<Arc<Book>> = LazyLock::new(|| match Book::load(Path::new(SAMPLE)) {
        Ok(book) => Arc::new(book),
        Err(mistakes) => panic!("the sample book has mistakes:\n{mistakes}"),
    });
    &BOOK
}

/// The books of plan designs that tables describe, by name.
fn designs() -> &'static BTreeMap<&'static str, Book> {
    static BOOKS: LazyLock<BTreeMap<&str, Book>> = LazyLock::new(|| {
        tables::DESIGNS.iter().copied().flatten().map(|(name, c)| (*name, with(c))).collect()
    });
    &BOOKS
}

/// A book by the name that a table's `book=` gives it.
pub(crate) fn named(name: &str) -> &'static Book {
    // The high-deductible group's contract ends with June.
    static ENDED: LazyLock<Book> = LazyLock::new(|| {
        let from = "plan = \"hdhp\"\nfrom = 2026-01-01";
        with(&[("groups.toml", from, &format!("{from}\nto = 2026-06-30"))])
    });
    // The maker stops lisinopril 20 mg with March.
    static STOPPED: LazyLock<Book> = LazyLock::new(|| {
        let row = "00591040801,lisinopril 20 mg tablet,lisinopril,20 mg,tablet,ace inhibitor,\
                   generic,,false,EA,30,,";
        with(&[("drugs/sample.csv", row, &format!("{row}2026-03-31"))])
    });
    // The maker of the only generic of Symbicort 160 stops it with March.
    static NO_GENERIC: LazyLock<Book> = LazyLock::new(|| {
        let row = "00310737020,budesonide-formoterol 160-4.5 mcg inhaler,\
                   budesonide / formoterol,160 mcg / 4.5 mcg,\"aerosol, metered\",\
                   inhaled corticosteroid and long-acting beta agonist,generic,,false,GM,10.2,,";
        with(&[("drugs/sample.csv", row, &format!("{row}2026-03-31"))])
    });
    static ENHANCED: LazyLock<Book> = LazyLock::new(enhanced);
    static TRANSITION: LazyLock<Book> = LazyLock::new(transition);
    static YEAR_2025: LazyLock<Book> = LazyLock::new(year_2025);
    if let Some(book) = filled_in(name).or_else(|| of_claims(name)).or_else(|| of_payers(name)) {
        return book;
    }
    if let Some(book) = designs().get(name) {
        return book;
    }
    match name {
        "sample" => sample(),
        "enhanced" => &ENHANCED,
        "transition" => &TRANSITION,
        "2025" => &YEAR_2025,
        "ended" => &ENDED,
        "stopped" => &STOPPED,
        "no-generic" => &NO_GENERIC,
        _ => panic!("`{name}` is no book of these tests"),
    }
}

/// Books that pay compounds, fees and taxes.
fn of_claims(name: &str) -> Option<&'static Book> {
    // The preferred network pays for giving lisinopril, for delivery, and sales tax.
    const FEES: (&str, &str, &str) = (
        "networks.toml",
        "dispensing_fee = \"1.50\"",
        "dispensing_fee = \"1.50\"
administration = [{ drugs = { ingredient = \"lisinopril\" }, at_most = \"20.00\" }]
other_amounts = [{ qualifier = 1, at_most = \"5.00\" }, { qualifier = 9, at_most = \"2.00\" }]
sales_tax = { flat = \"0.10\", rate = \"7%\" }",
    );
    static BESIDE: LazyLock<Book> = LazyLock::new(|| with(&[FEES]));
    // And the PPO pays the tax alone.
    static PLAN_TAX: LazyLock<Book> = LazyLock::new(|| {
        let key = "prescribers = \"listed\"";
        with(&[FEES, ("plans/ppo.toml", key, &format!("{key}\nsales_tax = \"plan\""))])
    });
    // It shares claims with other payers, too.
    static SHARED_TAX: LazyLock<Book> = LazyLock::new(|| {
        let key = "prescribers = \"listed\"";
        let rule = "[coordination]\nmethod = \"standard\"\naccepts = [2, 8]\n\
                    on_file = \"ignore\"\n\n[refill]";
        let tax = format!("{key}\nsales_tax = \"plan\"");
        with(&[FEES, ("plans/ppo.toml", key, &tax), ("plans/ppo.toml", "[refill]", rule)])
    });
    // Or covers 100.00 of amlodipine in a year.
    static TAX_AND_MOST: LazyLock<Book> = LazyLock::new(|| {
        let key = "prescribers = \"listed\"";
        let rule = "[[benefit_maximum]]\nname = \"amlodipine\"\n\
                    where = { ingredient = \"amlodipine\" }\nplan_pays = \"100.00\"\n\
                    per = \"plan-year\"\n\n[refill]";
        let tax = format!("{key}\nsales_tax = \"plan\"");
        with(&[FEES, ("plans/ppo.toml", key, &tax), ("plans/ppo.toml", "[refill]", rule)])
    });
    // The PPO covers compounds, and the preferred network pays for the effort.
    fn compounds(rule: &str) -> Book {
        let (key, fee) = ("prescribers = \"listed\"", "dispensing_fee = \"1.50\"");
        let fees = "effort_fees = [\"2.00\", \"4.00\", \"6.00\", \"8.00\", \"10.00\"]";
        with(&[
            ("plans/ppo.toml", key, &format!("{key}\ncompounds = \"{rule}\"")),
            ("networks.toml", fee, &format!("{fee}\n{fees}")),
        ])
    }
    static COMPOUNDS: LazyLock<Book> = LazyLock::new(|| compounds("most-expensive"));
    static BY_TIER: LazyLock<Book> = LazyLock::new(|| compounds("highest-tier"));
    // Part D covers compounds.
    static OF_PART_D: LazyLock<Book> = LazyLock::new(|| {
        let key = "prescribers = \"listed\"";
        with(&[(PDP, key, &format!("{key}\ncompounds = \"most-expensive\""))])
    });
    Some(match name {
        "compounds" => &COMPOUNDS,
        "compounds-by-tier" => &BY_TIER,
        "compounds-part-d" => &OF_PART_D,
        "beside" => &BESIDE,
        "plan-tax" => &PLAN_TAX,
        "plan-tax-shared" => &SHARED_TAX,
        "plan-tax-most" => &TAX_AND_MOST,
        _ => return None,
    })
}

/// Books with other payers, coupons and programs.
fn of_payers(name: &str) -> Option<&'static Book> {
    // Medicaid with a preferred drug list of its own.
    static PREFERRED: LazyLock<Book> = LazyLock::new(|| {
        let (plan, list) = (include_str!("books/pdl-plan.toml"), include_str!("books/pdl.toml"));
        replaced(&[("plans/medicaid.toml", plan), ("formularies/pdl.toml", list)])
    });
    // The sample's PPO with standard coordination.
    static SHARED: LazyLock<Book> = LazyLock::new(|| {
        let rule = "[coordination]\nmethod = \"standard\"\naccepts = [2, 3, 4, 8]\n\
                    on_file = \"ignore\"\n\n[refill]";
        with(&[("plans/ppo.toml", "[refill]", rule)])
    });
    // The sample's PPO without what coupons pay.
    static COUPON: LazyLock<Book> = LazyLock::new(|| {
        with(&[("plans/ppo.toml", "[refill]", "[coupon]\ncounts = \"never\"\n\n[refill]")])
    });
    static MAXIMIZER: LazyLock<Book> = LazyLock::new(|| {
        let plan = include_str!("books/coupon.toml").replace("COUNTS", "counts = \"never\"");
        let plan = plan.replace("copay = \"0.00\"", "copay = \"333.33\"");
        let plan = plan.replace("[deductible]\nperson = \"4000.00\"\n", "");
        replaced(&[("plans/ppo.toml", &plan)])
    });
    // The sample's PPO pays members, too.
    static MEMBERS: LazyLock<Book> = LazyLock::new(|| {
        let rule = "[reimbursement]\nclaims_accepted_for = 90\nnetwork = \"retail-standard\"\n\n\
                    [refill]";
        with(&[("plans/ppo.toml", "[refill]", rule)])
    });
    Some(match name {
        "pdl" => &PREFERRED,
        "shared" => &SHARED,
        "coupon-ppo" => &COUPON,
        "maximizer" => &MAXIMIZER,
        "members" => &MEMBERS,
        _ => return None,
    })
}

/// Books whose commercial plan is one of the documents beside this file, filled in.
fn filled_in(name: &str) -> Option<&'static Book> {
    const SECONDARY: &str = include_str!("books/secondary.toml");
    const COUPON: &str = include_str!("books/coupon.toml");
    // The name, the document, what is filled in, and with what.
    const ALL: [(&str, &str, &str, &str); 7] = [
        ("standard", SECONDARY, "METHOD", "standard"),
        ("non-duplication", SECONDARY, "METHOD", "non-duplication"),
        ("maintenance", SECONDARY, "METHOD", "maintenance-of-benefits"),
        ("coupon-always", COUPON, "COUNTS", "counts = \"always\""),
        ("coupon-never", COUPON, "COUNTS", "counts = \"never\""),
        ("coupon-generic", COUPON, "COUNTS", "counts = \"without-generic\""),
        ("coupon-savings", COUPON, "COUNTS", "counts = \"always\"\ntoward_deductible = false"),
    ];
    static BOOKS: [OnceLock<Book>; ALL.len()] = [const { OnceLock::new() }; ALL.len()];
    let place = ALL.iter().position(|(known, ..)| *known == name)?;
    let (_, document, blank, text) = ALL[place];
    let plan = document.replace(blank, text);
    Some(BOOKS[place].get_or_init(|| replaced(&[("plans/ppo.toml", &plan)])))
}

/// The sample book with documents added or put in the place of its own.
fn replaced(documents: &[(&str, &str)]) -> Book {
    let mut set = InMemory::copy_of(&Folder::new(SAMPLE)).expect("the sample is readable");
    documents.iter().for_each(|(path, text)| set.put(*path, *text));
    read(&set)
}

/// An enhanced alternative of Part D: a smaller deductible on brands, and copays by tier.
fn enhanced() -> Book {
    let deductible = "[deductible]\nperson = \"615.00\"";
    let smaller = "[deductible]\nperson = \"200.00\"\ntiers = [3, 4, 5]";
    let tiers = "[[share]]\ntiers = [0]\ncopay = \"0.00\"\n\n\
                 [[share]]\ntiers = [1]\ncopay = \"5.00\"\n\n\
                 [[share]]\ntiers = [2]\ncopay = \"12.00\"\n\n\
                 [[share]]\ntiers = [3]\ncopay = \"47.00\"\n\n\
                 [[share]]\ntiers = [4]\ncoinsurance = \"40%\"\n\n\
                 [[share]]\ncoinsurance = \"25%\"\n";
    with(&[(PDP, deductible, smaller), (PDP, "[[share]]\ncoinsurance = \"25%\"\n", tiers)])
}

/// The Part D plan with a transition supply, on a formulary that lists few drugs and in July asks
/// for more.
fn transition() -> Book {
    let version = |from: &str, to: &str, eliquis: &str| {
        let place = |name: &str, parts: &str| {
            format!(
                "\n[[place]]\nname = \"{name}\"\nwhere = {{ ingredient = \"{name}\" }}\n{parts}\n"
            )
        };
        let head =
            format!("id = \"few\"\nname = \"Few drugs\"\nfrom = 2026-{from}\nto = 2026-{to}\n");
        head + &place("metformin", "tier = 1")
            + &place("apixaban", eliquis)
            + &place("semaglutide", "tier = 3\nauthorization = { diagnoses = [\"E11\"] }")
            + &place("sumatriptan", "tier = 1\nquantity = { units = \"9\", days = 30 }")
    };
    let plan = std::fs::read_to_string(format!("{SAMPLE}/{PDP}")).expect("the plan is readable");
    let plan = plan.replace("formulary = \"cascade\"", "formulary = \"few\"").replace(
        "[[part_d.discount]]",
        "[part_d.transition]\nwindow = 90\ndays = 31\ntier = 4\nfilled_within = 180\n\n\
         [[part_d.discount]]",
    );
    replaced(&[
        (PDP, &plan),
        ("formularies/few.toml", &version("01-01", "06-30", "tier = 3")),
        ("formularies/few-july.toml", &version("07-01", "12-31", "tier = 3\nauthorization = {}")),
    ])
}

/// The sample book a year earlier, with the Part D parameters of 2025.
fn year_2025() -> Book {
    let mut documents = InMemory::copy_of(&Folder::new(SAMPLE)).expect("the sample is readable");
    let paths = documents.paths().expect("the documents are listed");
    for path in paths {
        let text = documents.get(&path).expect("the document is there").to_vec();
        let text = String::from_utf8(text).expect("the document is text");
        documents.put(&path, text.replace("2026-", "2025-"));
    }
    change(
        &mut documents,
        &[
            (PDP, "[deductible]\nperson = \"615.00\"", "[deductible]\nperson = \"590.00\""),
            (PDP, "[part_d]\ndeductible = \"615.00\"", "[part_d]\ndeductible = \"590.00\""),
            (PDP, "threshold = \"2100.00\"", "threshold = \"2000.00\""),
            (PDP, "selected = { list = \"mfp\", subsidy = \"10%\" }\n", ""),
            (PDP, ", of_price = \"25%\"", ""),
            (PDP, "generic = \"5.10\"\nbrand = \"12.65\"", "generic = \"4.90\"\nbrand = \"12.15\""),
            (PDP, "brand = \"4.90\"", "brand = \"4.80\""),
        ],
    );
    read(&documents)
}

/// The sample book with texts in its documents put in the place of others.
pub(crate) fn with(changes: &[(&str, &str, &str)]) -> Book {
    let mut documents = InMemory::copy_of(&Folder::new(SAMPLE)).expect("the sample is readable");
    change(&mut documents, changes);
    read(&documents)
}

fn change(documents: &mut InMemory, changes: &[(&str, &str, &str)]) {
    for (path, from, to) in changes {
        let text = documents.get(path).expect("the document is there").to_vec();
        let text = String::from_utf8(text).expect("the document is text");
        assert_eq!(text.matches(from).count(), 1, "{path} holds this once: {from}");
        documents.put(*path, text.replace(from, to));
    }
}

fn read(documents: &InMemory) -> Book {
    match Book::from_documents(documents) {
        Ok(book) => book,
        Err(mistakes) => panic!("the changed book has mistakes:\n{mistakes}"),
    }
}
