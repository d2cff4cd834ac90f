//! `openpbm init`: a data directory with a book to start from.

use crate::cli::Init;
use crate::data::Data;
use crate::failure::{Context, Failure};
use crate::{sample, terminal};

pub(crate) fn run(args: &Init) -> Result<(), Failure> {
    let root = &args.directory;
    let is_empty = std::fs::read_dir(root).map_or(true, |mut entries| entries.next().is_none());
    if !is_empty {
        let failure = Failure::new(format!("{} is not empty", root.display()));
        return Err(failure.hint("name a directory that does not exist yet"));
    }
    std::fs::create_dir_all(root).context(format!("making {}", root.display()))?;
    let data = Data::new(root);
    let folder = data.book_folder();
    sample::write_book(&folder)?;
    let members = root.join("members.csv");
    std::fs::write(&members, sample::MEMBERS).context("writing the sample members")?;
    let published = data.publish(&folder)?;
    let (root, folder, members) = (root.display(), folder.display(), members.display());
    terminal::note(format_args!(
        "made {root}, with the sample book {version} published\n\
         edit the book in {folder}, then: openpbm book publish {folder} --data {root}\n\
         enroll members: openpbm import members {members} --data {root}\n\
         run it: openpbm serve --data {root}",
        version = published.version.short(),
    ));
    Ok(())
}
