//! A PBM at work: the built program on this year's book, with members, and pharmacies that talk
//! to it over TCP.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use openpbm_core::{
    BillingKey, Claim, ClaimId, Date, Details, DrugUse, PrescriptionNumber, Timestamp,
};
use openpbm_model::workload::{Operation, Request, Shape, Workload};
use openpbm_model::{Documents, Reply, Rules, Status};
use openpbm_service::{Clock, SystemClock};

/// A folder with a data directory `pbm`, in which this year's sample book decides for the
/// members of a workload.
pub(crate) struct World {
    folder: tempfile::TempDir,
    /// The address of the database that holds the journal, if one does.
    store: Option<String>,
    pub(crate) workload: Workload,
}

/// Who a claim is for.
pub(crate) struct Patient<'a> {
    pub(crate) card: &'a str,
    pub(crate) person: &'a str,
    pub(crate) group: &'a str,
    pub(crate) birth: &'a str,
}

/// A claim as Harborview sends it: a first fill of an invented member, with nothing beside.
pub(crate) fn claim(patient: &Patient<'_>, number: u64, day: Date, drug: DrugUse) -> Claim {
    let Patient { card, person, group, birth } = patient;
    Claim {
        key: BillingKey {
            pharmacy: "1999000015".parse().unwrap(),
            prescription: PrescriptionNumber::new(number).unwrap(),
            fill: 0,
            date_of_service: day,
        },
        received: day,
        group: Some(group.parse().unwrap()),
        cardholder: card.parse().unwrap(),
        person_code: Some(person.parse().unwrap()),
        birth: birth.parse().unwrap(),
        sex: None,
        pregnant: false,
        prescriber: "1999000114".parse().unwrap(),
        drug,
        daw: 0,
        compound: false,
        other_coverage: None,
        usual_and_customary: None,
        gross_amount_due: "5000.00".parse().unwrap(),
        diagnoses: Vec::new(),
        dur_overrides: Vec::new(),
        details: Details::default(),
    }
}

/// How a command ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ended {
    /// What was printed by a command that succeeded.
    #[track_caller]
    pub(crate) fn done(self) -> String {
        assert_eq!(self.code, Some(0), "{}{}", self.out, self.err);
        self.out
    }

    /// What was said by a command that was refused, always with a hint.
    #[track_caller]
    pub(crate) fn refused(self) -> String {
        assert_eq!(self.code, Some(1), "{}{}", self.out, self.err);
        let lines: Vec<_> = self.err.lines().collect();
        assert!(lines.iter().any(|line| line.starts_with("error: ")), "{}", self.err);
        assert!(lines.iter().any(|line| line.starts_with("hint: ")), "{}", self.err);
        self.err
    }
}

pub(crate) fn now() -> Timestamp {
    SystemClock::new().unwrap().now()
}

impl World {
    /// With its journal in the data directory.
    pub(crate) fn new(seed: u64) -> Self {
        Self::on(seed, None)
    }

    /// With its journal in a database, if one is named.
    pub(crate) fn on(seed: u64, store: Option<String>) -> Self {
        Self::with(seed, store, &[])
    }

    /// With more lines at the end of some documents.
    pub(crate) fn with(seed: u64, store: Option<String>, more: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sample");
        let this_year = format!("{:04}-", now().date().ymd().0);
        let mut book = Documents::default();
        for (path, text) in Documents::load(&sample).unwrap().iter() {
            if path != "members.csv" && (path.ends_with(".toml") || path.ends_with(".csv")) {
                let more = more.iter().filter(|(of, _)| *of == path).map(|(_, lines)| *lines);
                let text: String = [text].into_iter().chain(more).collect();
                book.put(path, text.replace("2026-", &this_year));
            }
        }
        let rules = Arc::new(Rules::read(&book).unwrap());
        let shape = Shape { families: 40, ..Shape::default() };
        let world = Self { folder, store, workload: Workload::new(rules, seed, shape).unwrap() };
        let documents = world.path("documents");
        for (path, text) in book.iter() {
            let file = documents.join(path);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, text).unwrap();
        }
        std::fs::write(world.path("members.csv"), world.workload.members_csv()).unwrap();
        world.run("book publish documents --data pbm").done();
        world.run("import members members.csv --data pbm").done();
        world
    }

    /// Writes `changed.csv`: the members, of whom those in a group are covered on their first day
    /// alone.
    pub(crate) fn enroll_until_the_first_day(&self, group: &str) {
        let members = std::fs::read_to_string(self.path("members.csv")).unwrap();
        let header: Vec<&str> = members.lines().next().unwrap().split(',').collect();
        let place = |name: &str| header.iter().position(|column| *column == name).unwrap();
        let changed = members.lines().map(|line| {
            let mut cells: Vec<&str> = line.split(',').collect();
            if cells[place("group")] == group {
                cells[place("to")] = cells[place("from")];
            }
            cells.join(",") + "\n"
        });
        std::fs::write(self.path("changed.csv"), changed.collect::<String>()).unwrap();
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The program with these words, in the folder.
    pub(crate) fn command(&self, line: &str) -> Command {
        self.wrapped(&[], line)
    }

    /// The same, started by other programs.
    pub(crate) fn wrapped(&self, by: &[&str], line: &str) -> Command {
        let program = OsStr::new(env!("CARGO_BIN_EXE_openpbm"));
        let words = by.iter().map(OsStr::new).chain([program]);
        let mut words = words.chain(line.split(' ').map(OsStr::new));
        let mut command = Command::new(words.next().unwrap());
        command.args(words).current_dir(self.folder.path());
        match &self.store {
            Some(url) => command.env("OPENPBM_STORE", url),
            None => command.env_remove("OPENPBM_STORE"),
        };
        command
    }

    pub(crate) fn run(&self, line: &str) -> Ended {
        ended(&mut self.command(line))
    }

    /// Serves the data directory `pbm`.
    pub(crate) fn serve(&self) -> Server {
        Server::start(self.command(Self::SERVE))
    }

    /// Serves another data directory.
    pub(crate) fn serve_from(&self, data: &str) -> Server {
        Server::start(self.command(&Self::SERVE.replace("pbm", data)))
    }

    pub(crate) const SERVE: &str = "serve --data pbm --http 127.0.0.1:0 --ncpdp 127.0.0.1:0";
}

pub(crate) fn ended(command: &mut Command) -> Ended {
    let output = command.stdin(Stdio::null()).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ended { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) }
}

/// A serving process. It ends with its owner, where it stands.
pub(crate) struct Server {
    process: Child,
    ncpdp: SocketAddr,
}

impl Server {
    pub(crate) fn start(mut command: Command) -> Self {
        let process = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = process.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let ncpdp = line.split_whitespace().find_map(|word| word.strip_prefix("ncpdp="));
        let ncpdp = ncpdp.unwrap_or_else(|| panic!("the server said `{line}`")).parse().unwrap();
        Self { process, ncpdp }
    }

    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }

    pub(crate) fn pharmacy(&self) -> Pharmacy {
        Pharmacy::to(self.ncpdp)
    }

    /// SIGKILL.
    pub(crate) fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// SIGTERM, and the end that follows.
    pub(crate) fn stop(mut self) {
        let id = self.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        assert!(self.process.wait().unwrap().success());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended before.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A connection of a pharmacy.
pub(crate) struct Pharmacy {
    stream: TcpStream,
}

impl Pharmacy {
    pub(crate) fn to(ncpdp: SocketAddr) -> Self {
        let stream = TcpStream::connect(ncpdp).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        Self { stream }
    }

    pub(crate) fn ask(&mut self, operation: &Operation) -> Reply {
        let mut frame = vec![0x02];
        frame.extend(openpbm_pharmacy::request(operation).unwrap());
        frame.push(0x03);
        self.stream.write_all(&frame).unwrap();
        let mut response = Vec::new();
        while response.last() != Some(&0x03) {
            let mut chunk = [0; 4096];
            let read = self.stream.read(&mut chunk).unwrap();
            assert!(read > 0, "the server closed the connection");
            response.extend_from_slice(&chunk[..read]);
        }
        openpbm_pharmacy::read(&response[1..response.len() - 1]).unwrap()
    }
}

/// What pharmacies were told, to be asked for again.
#[derive(Debug, Default, Clone)]
pub(crate) struct Told {
    /// Claims that are paid and were not taken back, by the id of the decision.
    paid: BTreeMap<ClaimId, Operation>,
    /// Every decision that has an id.
    pub(crate) ids: Vec<ClaimId>,
}

impl Told {
    /// Sends so many operations of the workload, and keeps book of the answers. Those that say
    /// "send again" are counted.
    pub(crate) fn work(
        &mut self,
        workload: &mut Workload,
        pharmacy: &mut Pharmacy,
        operations: usize,
        day: Date,
    ) -> usize {
        let mut unavailable = 0;
        for _ in 0..operations {
            let operation = workload.next(day);
            let reply = pharmacy.ask(&operation);
            if reply.is_no_answer() {
                unavailable += 1;
                continue;
            }
            self.note(&operation, &reply);
            workload.learn(&operation, &reply);
        }
        unavailable
    }

    pub(crate) fn note(&mut self, operation: &Operation, reply: &Reply) {
        match (&operation.request, &reply.status, reply.id) {
            (_, Status::Duplicate, _) | (_, _, None) => {}
            (Request::Bill(_), Status::Paid, Some(id)) => {
                self.ids.push(id);
                self.paid.insert(id, operation.clone());
            }
            // What they take back is not known by its decision here: ask only for what is surely
            // paid.
            (Request::Reverse(_) | Request::Rebill(_), _, Some(id)) => {
                self.ids.push(id);
                self.paid.retain(|_, paid| paid.family != operation.family);
            }
            (_, _, Some(id)) => self.ids.push(id),
        }
    }

    /// Without the claims that were taken back later.
    pub(crate) fn still(mut self, later: &Self) -> Self {
        self.paid.retain(|id, _| later.paid.contains_key(id));
        self
    }

    /// Sends every claim again that is surely paid: each is told to be a duplicate, with the id
    /// of its first decision.
    #[track_caller]
    pub(crate) fn ask_again(&self, pharmacy: &mut Pharmacy) {
        assert!(!self.paid.is_empty());
        for (id, operation) in &self.paid {
            let reply = pharmacy.ask(operation);
            assert_eq!((reply.status, reply.id), (Status::Duplicate, Some(*id)));
        }
    }
}
