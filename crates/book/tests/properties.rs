//! What holds for any documents.

use openpbm_book::{Book, Documents, diff};
use proptest::prelude::*;

use crate::support::{book, documents};

/// A path of the small book.
fn path() -> impl Strategy<Value = String> {
    proptest::sample::select(documents().paths().unwrap())
}

proptest! {
    /// Whatever bytes a document has, reading ends with a book or with mistakes.
    #[test]
    fn any_bytes_are_read_or_refused(
        path in path(),
        bytes in prop::collection::vec(any::<u8>(), 0..300),
    ) {
        let mut documents = documents();
        documents.put(path, bytes);
        let checked = Book::check(&documents);
        prop_assert_eq!(checked.book.is_none(), checked.mistakes.is_fatal());
    }

    /// The same for bytes that are almost right: part of a document replaced by another text.
    #[test]
    fn almost_right_documents_are_read_or_refused(
        path in path(),
        start in any::<prop::sample::Index>(),
        length in 0_usize..40,
        text in "[ -~\n]{0,20}|[\\[\\]{}=\",.#\n0-9]{0,20}",
    ) {
        let mut documents = documents();
        let mut bytes = documents.get(&path).unwrap().to_vec();
        let start = start.index(bytes.len());
        let end = bytes.len().min(start + length);
        bytes.splice(start..end, text.bytes());
        documents.put(path, bytes);
        let checked = Book::check(&documents);
        prop_assert_eq!(checked.book.is_none(), checked.mistakes.is_fatal());
        for mistake in checked.mistakes.listed() {
            let text = mistake.to_string();
            prop_assert!(!text.contains('\n') && !text.ends_with('.'), "{}", text);
        }
        if let Some(changed) = &checked.book {
            let _ = (diff(&book(&self::documents()), changed), changed.summary().to_string());
        }
    }

    /// A version changes if a byte changes, and only then.
    #[test]
    fn the_version_is_the_content(
        path in path(),
        comments in prop::collection::vec("[a-z ]{0,9}", 0..3),
    ) {
        let mut changed = documents();
        let mut bytes = changed.get(&path).unwrap().to_vec();
        // Blank lines and comments change no rule; tables have no comments.
        for comment in &comments {
            let line = if path.ends_with(".toml") { format!("#{comment}\n") } else { "\n".into() };
            bytes.extend(line.bytes());
        }
        changed.put(path, bytes);
        let (before, after) = (book(&documents()), book(&changed));
        prop_assert_eq!(before.version() == after.version(), comments.is_empty());
        prop_assert_eq!(diff(&before, &after), []);
    }
}
