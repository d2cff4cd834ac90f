//! The house that is put under load: a store, a book for this year, members, and the nodes that
//! serve them.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, ensure};
use openpbm_book::Shelf;
use openpbm_core::{BookVersion, Date};
use openpbm_model::workload::Workload;
use openpbm_model::{Documents, Rng, Rules};

use crate::database::Database;
use crate::node::{Doors, Node};
use crate::options::{Options, Store};
use crate::program::Program;

/// See the module. It ends with its owner.
#[derive(Debug)]
pub(crate) struct House {
    pub(crate) program: Program,
    pub(crate) nodes: Vec<Node>,
    pub(crate) doors: Arc<Doors>,
    /// The server of the store, if it has one. It ends after the nodes.
    pub(crate) database: Option<Database>,
}

/// The book that decides, as the model reads it.
#[derive(Debug, Clone)]
pub(crate) struct Rulebook {
    documents: Documents,
    pub(crate) rules: Arc<Rules>,
}

impl Rulebook {
    /// Reads the sample book, which is in force in 2026, as if it were this year's.
    pub(crate) fn read(folder: &Path, today: Date) -> anyhow::Result<Self> {
        let this_year = format!("{:04}-", today.ymd().0);
        let sample = Documents::load(folder)
            .with_context(|| format!("reading the book in {}", folder.display()))?;
        let mut documents = Documents::default();
        let of_book = sample.iter().filter(|(path, _)| *path != "members.csv");
        for (path, text) in of_book.filter(|(path, _)| is_document(path)) {
            documents.put(path, text.replace("2026-", &this_year));
        }
        let rules = Arc::new(Rules::read(&documents).context("reading the book")?);
        Ok(Self { documents, rules })
    }

    fn write(&self, folder: &Path) -> anyhow::Result<()> {
        // What is no longer in the book must not stay in the folder either.
        fs::remove_dir_all(folder).context("clearing the book's folder")?;
        for (path, text) in self.documents.iter() {
            let file = folder.join(path);
            fs::create_dir_all(file.parent().unwrap_or(folder)).context("making a folder")?;
            fs::write(&file, text).with_context(|| format!("writing {}", file.display()))?;
        }
        Ok(())
    }
}

fn is_document(path: &str) -> bool {
    path.ends_with(".toml") || path.ends_with(".csv")
}

impl House {
    /// Builds it below a folder and enrolls the members. Nothing serves yet.
    pub(crate) fn build(
        folder: &Path,
        options: &Options,
        book: &Rulebook,
        workload: &Workload,
    ) -> anyhow::Result<Self> {
        let database = match options.store {
            Store::Sqlite => None,
            Store::Postgres => Some(Database::start(&folder.join("postgres"))?),
        };
        ensure!(
            database.is_some() || options.nodes == 1,
            "the embedded store belongs to one process; several nodes need --store postgres"
        );
        ensure!(
            database.is_some() || options.postgres_kills == 0,
            "--postgres-kills needs --store postgres"
        );
        let program = Program::new(&options.program, database.as_ref().map(Database::url))?;
        let doors = Doors::new(options.nodes.into());
        let mut nodes = Vec::new();
        for number in 0..usize::from(options.nodes) {
            let data = folder.join(format!("node-{}", number + 1));
            publish(&program, &data, book)?;
            nodes.push(Node::new(number, program.clone(), data, doors.clone()));
        }
        let house = Self { program, nodes, doors, database };
        let members = folder.join("members.csv");
        fs::write(&members, workload.members_csv()).context("writing the members")?;
        let words: [&dyn AsRef<_>; 5] = [&"import", &"members", &members, &"--data", &house.data()];
        house.program.run(&words)?;
        Ok(house)
    }

    /// The data directory of the first node; with the embedded store, the journal is in it.
    pub(crate) fn data(&self) -> PathBuf {
        self.nodes.first().map(|node| node.data.clone()).unwrap_or_default()
    }

    /// The version of the book that decides.
    pub(crate) fn version(&self) -> anyhow::Result<BookVersion> {
        let shelf = Shelf::open(self.data().join("published")).context("opening the shelf")?;
        let current = shelf.current().context("reading the shelf")?;
        Ok(current.context("no book is published")?.version)
    }

    /// Starts every node and waits until all take claims.
    pub(crate) fn open(&mut self) -> anyhow::Result<()> {
        self.nodes.iter_mut().try_for_each(Node::start)?;
        self.nodes.iter_mut().try_for_each(Node::await_ready)
    }

    /// Kills every node. All must have been alive.
    pub(crate) fn kill(&mut self) -> anyhow::Result<()> {
        self.nodes.iter_mut().try_for_each(Node::kill)
    }

    pub(crate) fn any_node(&mut self, dice: &mut Rng) -> anyhow::Result<&mut Node> {
        let numbers: Vec<_> = (0..self.nodes.len()).collect();
        let number = dice.choose(&numbers).copied().unwrap_or_default();
        self.nodes.get_mut(number).context("the house has no nodes")
    }
}

/// Makes a data directory in which the book decides.
pub(crate) fn publish(program: &Program, data: &Path, book: &Rulebook) -> anyhow::Result<()> {
    program.run(&[&"init", &data])?;
    let folder = data.join("book");
    book.write(&folder)?;
    program.run(&[&"book", &"publish", &folder, &"--data", &data])?;
    Ok(())
}
