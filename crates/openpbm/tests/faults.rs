//! What may happen to a machine, done to the real program: each ends in a clear error or a
//! reject that says "send again", and no claim that was answered is lost.

use std::path::Path;
use std::process::Command;

use openpbm_model::workload::Request;
use openpbm_model::{Reply, Status};

use crate::world::{Server, Told, World, ended, now};

/// A file may grow no further: what a full disk or a quota does to a program that writes. Once
/// there is room again it goes on, without a restart.
#[test]
fn a_full_disk_answers_send_again_and_loses_nothing() {
    let mut world = World::new(11);
    // The signal that would end the process is ignored, so that writing fails instead.
    let limit = "trap '' XFSZ; exec prlimit --fsize=2000000:unlimited \"$0\" \"$@\"";
    let server = Server::start(world.wrapped(&["sh", "-c", limit], World::SERVE));
    let (today, mut told) = (now().date(), Told::default());
    let mut full = 0;
    for _ in 0..200 {
        full += told.work(&mut world.workload, &mut server.pharmacy(), 50, today);
        if full > 0 {
            break;
        }
    }
    assert!(full > 0, "the limit was never reached");
    told.work(&mut world.workload, &mut server.pharmacy(), 20, today);

    let id = server.id().to_string();
    let more = Command::new("prlimit").args(["--pid", &id, "--fsize=unlimited"]).status().unwrap();
    assert!(more.success());
    let answered = told.ids.len();
    for _ in 0..100 {
        if told.work(&mut world.workload, &mut server.pharmacy(), 20, today) == 0 {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    assert!(told.ids.len() > answered, "it did not go on");
    told.ask_again(&mut server.pharmacy());
    server.kill();
    world.run("verify --data pbm").done();
    told.ask_again(&mut world.serve().pharmacy());
}

/// Whoever may not write is told so, and may still read.
#[test]
fn a_read_only_directory_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let world = World::new(12);
    let journal = world.path("pbm/journal");
    let set = |mode| {
        for entry in std::fs::read_dir(&journal).unwrap() {
            let mode = std::fs::Permissions::from_mode(mode & 0o666);
            std::fs::set_permissions(entry.unwrap().path(), mode).unwrap();
        }
        std::fs::set_permissions(&journal, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    set(0o555);
    let is_bound = std::fs::File::create(journal.join("probe")).is_err();
    // The administrator is bound by permissions only without the capability to override them.
    let capability = "--bounding-set=-dac_override,-dac_read_search";
    let by: &[&str] = if is_bound { &[] } else { &["setpriv", capability, "--inh-caps=-all"] };
    let said = ended(&mut world.wrapped(by, World::SERVE)).refused();
    set(0o755);
    assert!(said.contains("cannot be written"), "{said}");
    assert!(said.contains("let the user who runs this program write"), "{said}");
    let _ = std::fs::remove_file(journal.join("probe"));
    world.run("verify --data pbm").done();
}

#[test]
fn one_process_writes_and_the_second_is_told_which() {
    let mut world = World::new(13);
    let server = world.serve();
    let holder = format!("process {}", server.id());
    for line in [World::SERVE, "import members members.csv --data pbm"] {
        let said = world.run(line).refused();
        assert!(said.contains(&holder), "{said}");
    }
    let said = world.run("store retire --data pbm --before 2000-01-01").refused();
    assert!(said.contains(&holder), "{said}");
    // Readers are welcome, and the server does not mind any of it.
    world.run("verify --data pbm").done();
    world.run("store status --data pbm").done();
    let mut told = Told::default();
    assert_eq!(told.work(&mut world.workload, &mut server.pharmacy(), 20, now().date()), 0);
    server.stop();
}

/// One entry's bytes are garbled on disk. Its family is answered "send again", everybody else
/// as ever, and `verify` names the entry.
#[test]
fn a_damaged_entry_stops_its_family_alone() {
    let mut world = World::new(14);
    let server = world.serve();
    let (today, mut told) = (now().date(), Told::default());
    told.work(&mut world.workload, &mut server.pharmacy(), 100, today);
    server.stop();
    // What stands in the journal's log is folded into its file.
    world.run("store migrate --data pbm").done();
    let damaged = garble(&world.path("pbm/journal/journal.sqlite"), &world);

    let said = world.run("verify --data pbm");
    assert_eq!(said.code, Some(1), "{}{}", said.out, said.err);
    assert!(said.out.contains("does not match its seal"), "{}", said.out);
    assert!(said.err.contains("restore from a backup"), "{}", said.err);
    let said = world.run("export journal --data pbm").refused();
    assert!(said.contains("is damaged"), "{said}");

    let server = world.serve();
    let mut pharmacy = server.pharmacy();
    let mut answers = (0, 0);
    for _ in 0..200 {
        let operation = world.workload.next(today);
        let bills = matches!(operation.request, Request::Bill(_));
        let reply = pharmacy.ask(&operation);
        match (operation.family.as_str() == damaged, bills) {
            (true, true) => {
                assert!(is_send_again(&reply), "{reply:?}");
                answers.0 += 1;
            }
            (false, _) => {
                assert!(!is_send_again(&reply), "{reply:?}");
                answers.1 += 1;
            }
            (true, false) => {}
        }
    }
    assert!(answers.0 > 0 && answers.1 > 0, "{answers:?}");
}

/// One byte of the journal's log goes bad while nobody is there to fold it away: what stands
/// behind it must not be left out without a word.
#[test]
fn a_damaged_log_is_not_served() {
    let mut world = World::new(16);
    let server = world.serve();
    let mut told = Told::default();
    told.work(&mut world.workload, &mut server.pharmacy(), 60, now().date());
    server.kill();
    let log = world.path("pbm/journal/journal.sqlite-wal");
    let mut bytes = std::fs::read(&log).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&log, &bytes).unwrap();
    for line in ["verify --data pbm", World::SERVE] {
        let said = world.run(line);
        assert_eq!(said.code, Some(1), "{}{}", said.out, said.err);
        // Among all that is damaged, or as the one reason not to serve.
        let all = format!("{}{}", said.out, said.err);
        assert!(all.contains("its log is damaged"), "{all}");
        assert!(said.err.contains("restore from a backup"), "{}", said.err);
    }
    // Nothing was thrown away: with the byte mended, everything is there.
    bytes[middle] ^= 1;
    std::fs::write(&log, &bytes).unwrap();
    world.run("verify --data pbm").done();
    told.ask_again(&mut world.serve().pharmacy());
}

fn is_send_again(reply: &Reply) -> bool {
    reply.status == Status::Rejected && reply.is_no_answer()
}

/// Changes one letter of a name in the enrollment of a busy family; whose it was.
fn garble(journal: &Path, world: &World) -> String {
    let (family, members) = world.workload.families().next().unwrap();
    let (id, name) = (family.as_str().as_bytes(), members[0].last_name.as_bytes());
    let mut bytes = std::fs::read(journal).unwrap();
    let is = |at: usize, text: &[u8]| bytes[at..].starts_with(text);
    // Of the family's rows, enrollment is the one with a name close behind the card's number.
    let rows = (0..bytes.len() - 200).filter(|&at| is(at, id));
    let mut names = rows.filter_map(|row| (row..row + 200).find(|&at| is(at, name)));
    let at = names.next().expect("the enrollment is not in the file");
    bytes[at] ^= 1;
    std::fs::write(journal, bytes).unwrap();
    family.as_str().to_owned()
}

/// The machine's clock goes forward and back between claims. Ids do not repeat, nothing is
/// decided twice, and the journal still verifies.
#[cfg(target_os = "linux")]
#[test]
fn a_clock_that_jumps_repeats_and_loses_nothing() {
    const DAY: i64 = 86_400;
    let mut world = World::new(15);
    let (shim, jump) = (world.path("clock.so"), world.path("jump"));
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clock.c");
    let mut compiler = Command::new("cc");
    compiler.args(["-shared", "-fPIC", "-O1", "-o"]).arg(&shim).arg(source).arg("-ldl");
    assert!(compiler.status().unwrap().success());
    std::fs::write(&jump, "0").unwrap();
    let mut command = world.command(World::SERVE);
    command.env("LD_PRELOAD", &shim).env("CLOCK_JUMP", &jump);
    let server = Server::start(command);
    let (today, mut told) = (now().date(), Told::default());
    for jumped in [0, 2 * DAY, -3600, 5, -2 * DAY, -1, 400 * DAY, 0] {
        std::fs::write(&jump, jumped.to_string()).unwrap();
        assert_eq!(told.work(&mut world.workload, &mut server.pharmacy(), 40, today), 0);
    }
    // The jumps were felt: some claims are said to be of a day to come or long past.
    let page = world.run("export journal --data pbm").done();
    let days: std::collections::BTreeSet<_> = page
        .lines()
        .filter_map(|line| {
            serde_json::from_str::<serde_json::Value>(line).unwrap()["entry"]["recorded"].as_u64()
        })
        .map(|millis| millis / 86_400_000)
        .collect();
    assert!(days.len() >= 4, "{days:?}");
    told.ask_again(&mut server.pharmacy());
    server.kill();
    world.run("verify --data pbm").done();
    let mut ids = told.ids.clone();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), told.ids.len());
    told.ask_again(&mut world.serve().pharmacy());
}
