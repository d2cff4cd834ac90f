//! A day of traffic at the most talkative level, read word by word: nobody is named.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread::JoinHandle;
use std::time::Duration;

use openpbm_core::Date;

use crate::world::{World, ended, now};

/// Everything that tells who the members of an enrollment file are.
fn secrets(csv: &str) -> BTreeSet<String> {
    let mut secrets = BTreeSet::new();
    for row in csv.lines().skip(1) {
        let columns: Vec<_> = row.split(',').collect();
        let birth: Date = columns[5].parse().unwrap();
        let (year, month, day) = birth.ymd();
        secrets.extend([0, 3, 4].map(|column| columns[column].to_owned()));
        secrets.extend([birth.to_string(), birth.compact()]);
        secrets.insert(format!("{month:02}/{day:02}/{year}"));
        secrets.insert(format!("{month}/{day}/{year}"));
        secrets.insert(format!("{day:02}.{month:02}.{year}"));
        secrets.insert(format!("{month:02}-{day:02}-{year}"));
    }
    secrets.remove("");
    secrets
}

#[track_caller]
fn assert_names_nobody(text: &str, secrets: &BTreeSet<String>) {
    for secret in secrets {
        assert!(!text.contains(secret.as_str()), "`{secret}` is in the log");
    }
}

/// An enrollment file of the same people under names that stand nowhere else. Somebody may have
/// more than one row.
fn under_other_names(csv: &str) -> String {
    let mut known = Vec::new();
    let mut renamed = String::new();
    for (number, row) in csv.lines().enumerate() {
        let mut columns: Vec<_> = row.split(',').map(str::to_owned).collect();
        if number > 0 {
            let person = (columns[0].clone(), columns[1].clone());
            let place = known.iter().position(|known| *known == person).unwrap_or(known.len());
            known.push(person);
            columns[3] = format!("Zelda{place}q");
            columns[4] = format!("Quillfeather{place}q");
        }
        renamed.push_str(&columns.join(","));
        renamed.push('\n');
    }
    renamed
}

/// A server whose log is kept.
struct Logging {
    process: Child,
    ncpdp: SocketAddr,
    http: SocketAddr,
    log: JoinHandle<String>,
}

impl Logging {
    /// One that tells all it can, in JSON.
    fn start(mut command: Command) -> Self {
        command.env("RUST_LOG", "trace").env("OPENPBM_LOG_FORMAT", "json");
        Self::of(command)
    }

    fn of(mut command: Command) -> Self {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = command.spawn().unwrap();
        let mut stderr = process.stderr.take().unwrap();
        let log = std::thread::spawn(move || {
            let mut log = String::new();
            stderr.read_to_string(&mut log).unwrap();
            log
        });
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = |name: &str| {
            let found = line.split_whitespace().find_map(|word| word.strip_prefix(name));
            found.unwrap_or_else(|| panic!("the server said `{line}`")).parse().unwrap()
        };
        let (ncpdp, http) = (address("ncpdp="), address("http="));
        Self { process, ncpdp, http, log }
    }

    /// SIGTERM, and all that it said.
    fn stop(mut self) -> String {
        let id = self.process.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        self.process.wait().unwrap();
        self.log.join().unwrap()
    }

    /// Sends bytes and reads until the other side has nothing to say.
    fn send(address: SocketAddr, bytes: &[u8]) {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        // It may have closed while the last bytes were on their way.
        let _ = stream.write_all(bytes);
        let _ = stream.shutdown(std::net::Shutdown::Write);
        let _ = stream.read_to_end(&mut Vec::new());
    }
}

fn framed(transmission: &[u8]) -> Vec<u8> {
    [&[0x02], transmission, &[0x03]].concat()
}

#[test]
fn a_day_of_traffic_names_nobody() {
    let mut world = World::new(71);
    let members = under_other_names(&world.workload.members_csv());
    let sample = include_str!("../../../sample/members.csv");
    let mut secrets = secrets(&members);
    secrets.extend(self::secrets(sample));
    assert!(secrets.contains("Rivera") && secrets.contains("19840312"));

    // Members, rightly and with mistakes.
    let mut said = String::new();
    let mut import = |name: &str, csv: &str| {
        std::fs::write(world.path(name), csv).unwrap();
        let mut command = world.command(&format!("import members {name} --data pbm"));
        let ended = ended(command.env("RUST_LOG", "trace"));
        said.push_str(&ended.out);
        said.push_str(&ended.err);
        ended.code
    };
    assert_eq!(import("members.csv", &members), Some(0));
    for (from, to) in [("1984-03-12", "1984-03-32"), (",female,", ",x,"), ("Rivera,", "Rivera;")] {
        assert_eq!(import("wrong.csv", &sample.replace(from, to)), Some(1), "{from}");
    }

    // A day at the counter, and a disk that is full for the rest of it.
    let limit = "trap '' XFSZ; exec prlimit --fsize=2000000:unlimited \"$0\" \"$@\"";
    let server = Logging::start(world.wrapped(&["sh", "-c", limit], World::SERVE));
    let today = now().date();
    let mut unavailable = 0;
    let mut pharmacy = crate::world::Pharmacy::to(server.ncpdp);
    while unavailable < 20 {
        let operation = world.workload.next(today);
        let reply = pharmacy.ask(&operation);
        unavailable += usize::from(reply.is_no_answer());
        world.workload.learn(&operation, &reply);
        if unavailable == 5 {
            let whole = openpbm_pharmacy::request(&operation).unwrap();
            let text = String::from_utf8_lossy(&whole);
            assert!(secrets.iter().any(|secret| text.contains(secret)), "it is about somebody");
            nonsense(&server, &whole);
            unavailable += 1;
        }
    }
    let log = server.stop();
    said.push_str(&log);
    assert!(log.contains("\"level\":\"ERROR\""), "the disk was never full: {log}");
    assert!(log.contains("could not be made durable"), "{log}");
    assert!(log.contains("cannot be followed"), "{log}");
    assert!(log.contains("within a transmission"), "{log}");
    // Every line is an event with its fields.
    for line in log.lines().filter(|line| !line.starts_with("stopping: ")) {
        let event: serde_json::Value = serde_json::from_str(line).expect(line);
        for field in ["timestamp", "level", "target", "message"] {
            assert!(event[field].is_string(), "{line}");
        }
    }
    assert_names_nobody(&said, &secrets);
}

/// A transmission cut, garbled and sent to where it does not belong.
fn nonsense(server: &Logging, whole: &[u8]) {
    for length in (0..whole.len()).step_by(whole.len() / 16) {
        Logging::send(server.ncpdp, &framed(&whole[..length]));
        Logging::send(server.ncpdp, &framed(&whole[length..]));
        let mut garbled = whole.to_vec();
        garbled[length] ^= 0x15;
        Logging::send(server.ncpdp, &framed(&garbled));
    }
    // Without an end, without a frame, and to the wrong door.
    Logging::send(server.ncpdp, &framed(whole)[..whole.len()]);
    Logging::send(server.ncpdp, &[&[0x02], whole, &[0x1F; 20_000][..]].concat());
    Logging::send(server.ncpdp, &[&[0xFF, 0xFF], whole].concat());
    Logging::send(server.http, whole);
    let head = format!("POST /ncpdp HTTP/1.1\r\nhost: localhost\r\ncontent-length: {}\r\n", 9_999);
    Logging::send(server.http, &[head.as_bytes(), b"connection: close\r\n\r\n", whole].concat());
    for path in ["/api/v1/claims?before=Rivera", "/claims/CSC100001", "/api/v1/1984-03-12"] {
        let get = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
        Logging::send(server.http, get.as_bytes());
    }
}

#[test]
fn the_log_is_text_unless_it_is_told() {
    let world = World::new(72);
    let kept = world.path("pbm/projections/days.projection");
    for (format, is_json) in [("", false), ("text", false), ("json", true)] {
        // Something to say.
        std::fs::create_dir_all(kept.parent().unwrap()).unwrap();
        std::fs::write(&kept, "nothing").unwrap();
        let mut command = world.command(World::SERVE);
        command.env_remove("OPENPBM_LOG_FORMAT").env_remove("RUST_LOG");
        if !format.is_empty() {
            command.args(["--log-format", format]);
        }
        let log = Logging::of(command).stop();
        let line = log.lines().find(|line| line.contains("a projection begins anew"));
        let line = line.unwrap_or_else(|| panic!("{log}"));
        assert_eq!(serde_json::from_str::<serde_json::Value>(line).is_ok(), is_json, "{line}");
        assert!(line.contains("WARN") && line.contains("days"), "{line}");
    }
    let wrong = world.run("verify --data pbm --log-format xml");
    assert_eq!(wrong.code, Some(2), "{}", wrong.err);
}
