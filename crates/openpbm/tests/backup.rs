//! Backups of a serving PBM, and what is restored from them.

use std::collections::BTreeSet;
use std::path::Path;

use openpbm_core::{ClaimId, Timestamp};
use openpbm_store::sqlite::SqliteReader;
use openpbm_store::{Cursor, Reader, Recorded};
use serde_json::Value;

use crate::world::{Ended, Told, World, now};

pub(crate) fn entries(data: &Path) -> Vec<Recorded> {
    let reader = SqliteReader::open(&data.join("journal")).unwrap();
    let mut cursor = Cursor::START;
    let mut entries = Vec::new();
    loop {
        let page = reader.read_from(cursor, 1_000).unwrap();
        let Some(last) = page.last() else { return entries };
        cursor = cursor.past(last);
        entries.extend(page.iter().map(|sealed| sealed.open().unwrap()));
    }
}

pub(crate) fn ids(entries: &[Recorded]) -> BTreeSet<ClaimId> {
    entries.iter().map(|recorded| recorded.entry.id).collect()
}

fn json(ended: Ended) -> Value {
    serde_json::from_str(&ended.done()).unwrap()
}

#[test]
fn a_backup_while_serving_holds_all_that_was_answered_before_it() {
    let mut world = World::new(1);
    let server = world.serve();
    let (today, mut told) = (now().date(), Told::default());
    told.work(&mut world.workload, &mut server.pharmacy(), 200, today);

    // Two backups, the second of what came since, while a pharmacy goes on sending.
    let mut command = world.command("backup --data pbm --to copy --json");
    let (mut before, mut copied) = (Told::default(), Vec::new());
    for _ in 0..2 {
        before = told.clone();
        let process = command.stdout(std::process::Stdio::piped()).spawn().unwrap();
        told.work(&mut world.workload, &mut server.pharmacy(), 200, today);
        let output = process.wait_with_output().unwrap();
        assert!(output.status.success());
        copied.push(serde_json::from_slice::<Value>(&output.stdout).unwrap());
    }
    server.kill();
    let number = |report: &Value, name: &str| report[name].as_u64().unwrap();
    assert_eq!(number(&copied[0], "copied"), number(&copied[0], "entries"));
    let since = number(&copied[1], "entries") - number(&copied[0], "entries");
    assert_eq!(number(&copied[1], "copied"), since);
    assert_eq!((number(&copied[0], "books"), number(&copied[1], "books")), (1, 0));

    let restored = json(world.run("restore --from copy --data new --json"));
    assert_eq!(number(&restored, "entries"), number(&copied[1], "entries"));
    let (journal, restored) = (entries(&world.path("pbm")), entries(&world.path("new")));
    assert_eq!(restored, journal[..restored.len()]);
    let restored = ids(&restored);
    assert!(before.ids.iter().all(|id| restored.contains(id)));

    world.run("verify --data new").done();
    let server = world.serve_from("new");
    // What was taken back while the second backup ran may be in it or not.
    before.still(&told).ask_again(&mut server.pharmacy());
}

#[test]
fn a_restore_to_an_instant_is_the_house_as_it_was_then() {
    let mut world = World::new(2);
    let server = world.serve();
    let (today, mut told) = (now().date(), Told::default());
    told.work(&mut world.workload, &mut server.pharmacy(), 150, today);
    let (then, before) = (now(), told.clone());
    // Entries of the same millisecond belong to either side.
    while now() == then {
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    told.work(&mut world.workload, &mut server.pharmacy(), 150, today);
    change_the_book(&world);
    server.stop();

    world.run("backup --data pbm --to copy").done();
    let restored =
        json(world.run(&format!("restore --from copy --data new --until {then} --json")));
    let found = entries(&world.path("new"));
    let expected: Vec<_> = entries(&world.path("pbm"))
        .into_iter()
        .filter(|recorded| recorded.entry.recorded <= then)
        .collect();
    assert_eq!(found, expected);
    assert!(found.len() < entries(&world.path("copy")).len());
    assert_eq!(restored["until"], then.to_string());
    let ids = ids(&found);
    assert!(before.ids.iter().all(|id| ids.contains(id)));

    // The book of that instant decides, and its documents are there to go on with.
    let plan = |data: &str| std::fs::read_to_string(world.path(data)).unwrap();
    assert_eq!(plan("new/book/plans/ppo.toml"), plan("documents/plans/ppo.toml"));
    world.run("verify --data new").done();
    let server = world.serve_from("new");
    before.ask_again(&mut server.pharmacy());
}

/// Publishes another version of the book.
fn change_the_book(world: &World) {
    let sample = world.path("documents");
    let plan = std::fs::read_to_string(sample.join("plans/ppo.toml")).unwrap();
    std::fs::write(sample.join("plans/ppo.toml"), plan.replace("\"250.00\"", "\"300.00\""))
        .unwrap();
    world.run("book publish documents --data pbm").done();
    std::fs::write(sample.join("plans/ppo.toml"), plan).unwrap();
}

#[test]
fn a_backup_or_restore_that_was_killed_goes_on() {
    let mut world = World::new(3);
    let server = world.serve();
    let today = now().date();
    let mut told = Told::default();
    for line in ["backup --data pbm --to copy", "restore --from copy --data new"] {
        for delay in [0, 2, 5, 10, 20, 40] {
            told.work(&mut world.workload, &mut server.pharmacy(), 40, today);
            let mut command = world.command(line);
            command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
            let mut process = command.spawn().unwrap();
            std::thread::sleep(std::time::Duration::from_millis(delay));
            // It may have ended before.
            let _ = process.kill();
            process.wait().unwrap();
            if line.starts_with("restore") && !world.path("new/restoring.json").exists() {
                // It had finished, or not begun: the next one starts over.
                let _ = std::fs::remove_dir_all(world.path("new"));
            }
        }
        world.run(line).done();
    }
    let (journal, restored) = (entries(&world.path("pbm")), entries(&world.path("new")));
    assert_eq!(restored, entries(&world.path("copy")));
    assert_eq!(restored, journal[..restored.len()]);
    world.run("verify --data new").done();
}

#[test]
fn what_is_half_restored_or_a_backup_is_not_served() {
    let world = World::new(4);
    world.run("backup --data pbm --to copy").done();
    let said = world.run(&World::SERVE.replace("pbm", "copy")).refused();
    assert!(said.contains("copy is a backup"), "{said}");
    let said = world.run("book publish documents --data copy").refused();
    assert!(said.contains("copy is a backup"), "{said}");
    world.run("verify --data copy").done();

    std::fs::create_dir(world.path("half")).unwrap();
    let from = world.path("copy").canonicalize().unwrap();
    let record = serde_json::json!({ "from": from, "until": null, "store": null });
    std::fs::write(world.path("half/restoring.json"), record.to_string()).unwrap();
    let said = world.run(&World::SERVE.replace("pbm", "half")).refused();
    assert!(said.contains("is not finished"), "{said}");
    let said = world.run("restore --from half --data other").refused();
    assert!(said.contains("not finished"), "{said}");
    let said = world.run("restore --from pbm --data half").refused();
    assert!(said.contains("another restore"), "{said}");
    world.run("restore --from copy --data half").done();
    world.run("verify --data half").done();
}

#[test]
fn nothing_is_overwritten_and_nothing_mixed() {
    let mut world = World::new(5);
    world.run("backup --data pbm --to copy").done();
    let said = world.run("restore --from copy --data pbm").refused();
    assert!(said.contains("pbm is not empty"), "{said}");
    let said = world.run("backup --data pbm --to pbm").refused();
    assert!(said.contains("neither empty nor a backup"), "{said}");
    let later = Timestamp::from_millis(now().millis() + 3_600_000);
    let said = world.run(&format!("restore --from copy --data new --until {later}")).refused();
    assert!(said.contains("cannot be restored"), "{said}");

    // Restored to an earlier instant, a journal goes another way than its backup.
    let server = world.serve();
    let then = now();
    Told::default().work(&mut world.workload, &mut server.pharmacy(), 30, now().date());
    server.stop();
    world.run("backup --data pbm --to copy").done();
    world.run(&format!("restore --from copy --data new --until {then}")).done();
    for data in ["new", "other"] {
        if data == "other" {
            world.run("book publish documents --data other").done();
            world.run("import members members.csv --data other").done();
        }
        let said = world.run(&format!("backup --data {data} --to copy")).refused();
        assert!(said.contains("the backup of another journal"), "{said}");
    }
    world.run("verify --data copy").done();
}
