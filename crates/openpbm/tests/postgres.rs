//! The program on a real PostgreSQL. `cargo xtask test postgres` runs these, and fails where
//! there is none.

use openpbm_model::workload::Workload;
use openpbm_postgres::Database;

use crate::backup::{entries, ids};
use crate::world::{Told, World, now};

fn database() -> Database {
    Database::new().unwrap_or_else(|error| panic!("{error}; hint: {}", error.hint()))
}

fn work(told: &mut Told, workload: &mut Workload, servers: &[crate::world::Server], times: usize) {
    let today = now().date();
    let mut pharmacies: Vec<_> = servers.iter().map(crate::world::Server::pharmacy).collect();
    for turn in 0..times {
        let number = turn % pharmacies.len();
        assert_eq!(told.work(workload, &mut pharmacies[number], 1, today), 0);
    }
}

#[test]
#[ignore = "needs PostgreSQL: cargo xtask test postgres"]
fn postgres_serves_two_and_a_backup_of_it_is_restored_anywhere() {
    let database = database();
    let mut world = World::on(31, Some(database.url().to_owned()));
    world.run("book publish documents --data pbm2").done();
    let mut told = Told::default();
    let before = {
        // Every second request of a family comes in through the other process.
        let servers = [world.serve(), world.serve_from("pbm2")];
        work(&mut told, &mut world.workload, &servers, 300);
        world.run("backup --data pbm --to copy").done();
        work(&mut told, &mut world.workload, &servers, 100);
        let before = told.clone();
        let mut backup = world.command("backup --data pbm --to copy --json");
        let backup = backup.stdout(std::process::Stdio::null()).spawn();
        work(&mut told, &mut world.workload, &servers, 100);
        assert!(backup.unwrap().wait().unwrap().success());
        before
    };
    world.run("verify --data pbm").done();
    told.ask_again(&mut world.serve().pharmacy());

    // Into the embedded store, and from there into another database.
    let mut command = world.command("restore --from copy --data new");
    crate::world::ended(command.env_remove("OPENPBM_STORE")).done();
    let found = ids(&entries(&world.path("new")));
    assert!(before.ids.iter().all(|id| found.contains(id)));
    let other = self::database();
    for (line, said) in [
        ("restore --from new --data other", None),
        ("verify --data other", None),
        ("restore --from new --data another", Some("holds a journal already")),
    ] {
        let ended = crate::world::ended(world.command(line).env("OPENPBM_STORE", other.url()));
        match said {
            None => drop(ended.done()),
            Some(said) => assert!(ended.refused().contains(said)),
        }
    }
    let mut command = world.command(&World::SERVE.replace("pbm", "other"));
    command.env("OPENPBM_STORE", other.url());
    before.still(&told).ask_again(&mut crate::world::Server::start(command).pharmacy());
}

#[test]
#[ignore = "needs PostgreSQL: cargo xtask test postgres"]
fn postgres_is_looked_after() {
    let database = database();
    let mut world = World::on(32, Some(database.url().to_owned()));
    let mut told = Told::default();
    let server = world.serve();
    work(&mut told, &mut world.workload, &[server], 60);
    let status = world.run("store status").done();
    assert!(status.contains("many writers") && status.contains("up to date"), "{status}");
    assert!(world.run("store migrate").done().contains("nothing to do"));
    let first = world.run("export journal");
    let (_, places) = first.err.trim().rsplit_once("--from ").unwrap();
    let nothing = world.run(&format!("export journal --from {places}")).done();
    assert_eq!(nothing, "");
    assert_eq!(first.out.lines().count(), number(&status, "entries"));

    // Nobody's state changes, so the server may go on.
    let server = world.serve();
    let tomorrow = now().date().plus_days(1);
    world.run(&format!("store retire --before {tomorrow} --force")).done();
    told.ask_again(&mut server.pharmacy());
    work(&mut told, &mut world.workload, &[server], 60);
    world.run("verify --data pbm").done();
    told.ask_again(&mut world.serve().pharmacy());
}

fn number(status: &str, name: &str) -> usize {
    let line = status.lines().find(|line| line.starts_with(name)).unwrap();
    line.split_whitespace().last().unwrap().parse().unwrap()
}
