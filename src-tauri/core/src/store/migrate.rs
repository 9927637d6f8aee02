//! Bringing an older database up to date: all steps or none.

use rusqlite::{Connection, TransactionBehavior};

use super::StoreError;

/// One step a version, never changed once shipped.
const STEPS: [&str; 10] = [
    include_str!("migrations/0001_counter.sql"),
    include_str!("migrations/0002_draft.sql"),
    include_str!("migrations/0003_catalogue.sql"),
    include_str!("migrations/0004_dossier.sql"),
    include_str!("migrations/0005_desk.sql"),
    include_str!("migrations/0006_certificate.sql"),
    include_str!("migrations/0007_capture.sql"),
    include_str!("migrations/0008_clerks.sql"),
    include_str!("migrations/0009_lasting.sql"),
    include_str!("migrations/0010_holds.sql"),
];

/// Whether the database needs no step any more. Writes nothing.
///
/// # Errors
/// [`StoreError::Newer`], [`StoreError::Sql`].
pub(super) fn is_newest(connection: &Connection) -> Result<bool, StoreError> {
    let at: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let newest = STEPS.len() as i64;
    if at > newest { Err(StoreError::Newer(at)) } else { Ok(at == newest) }
}

pub(super) fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    // Read first: the usual case takes no lock.
    if is_newest(connection)? {
        return Ok(());
    }
    let change = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let at: i64 = change.pragma_query_value(None, "user_version", |row| row.get(0))?;
    for step in STEPS.iter().skip(usize::try_from(at).unwrap_or(usize::MAX)) {
        change.execute_batch(step)?;
    }
    change.pragma_update(None, "user_version", STEPS.len() as i64)?;
    change.commit()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A counter made before drafts existed: version 1 with a station, a clerk, a record and its entry.
    const VERSION_1: &str = include_str!("migrations/testdata/version_1.sql");

    #[test]
    fn an_older_counter_keeps_everything_and_gains_the_draft() {
        let mut old = Connection::open_in_memory().unwrap();
        old.execute_batch(VERSION_1).unwrap();
        assert_eq!(old.pragma_query_value(None, "user_version", |r| r.get::<_, i64>(0)).unwrap(), 1);
        migrate(&mut old).unwrap();
        let count = |sql: &str| old.query_row(sql, [], |r| r.get::<_, i64>(0)).unwrap();
        assert_eq!(
            count("SELECT count(*) FROM record WHERE name = 'Giấy khai sinh'"),
            1,
            "the record is kept"
        );
        assert_eq!(
            count("SELECT count(*) FROM journal JOIN record ON record.id = journal.subject"),
            1,
            "its journal entry is kept"
        );
        assert_eq!(
            count("SELECT count(*) FROM outbox JOIN journal ON journal.seq = outbox.journal"),
            count("SELECT count(*) FROM journal"),
            "so is its place in the queue"
        );
        assert!(old.execute("UPDATE journal SET at = ''", []).is_err(), "it stays append-only");
        assert_eq!(count("SELECT last_running FROM station"), 1, "numbers go on where they stopped");
        assert_eq!(
            count("SELECT count(*) FROM desk WHERE id = 'loose' AND state IS NULL"),
            1,
            "an empty desk is added"
        );
        assert_eq!(
            count(
                "SELECT count(*) FROM certificate JOIN clerk ON clerk.id = certificate.clerk WHERE key_file <> ''"
            ),
            1,
            "the clerk's certificate and key are still known"
        );
        assert!(old.execute("DELETE FROM certificate", []).is_err(), "certificates are kept");
    }

    #[test]
    fn a_newer_database_is_left_alone() {
        let mut newer = Connection::open_in_memory().unwrap();
        newer.pragma_update(None, "user_version", 99).unwrap();
        assert!(matches!(migrate(&mut newer), Err(StoreError::Newer(99))));
    }

    #[test]
    fn migrating_twice_changes_nothing() {
        let mut db = Connection::open_in_memory().unwrap();
        migrate(&mut db).unwrap();
        let schema = |db: &Connection| {
            db.query_row("SELECT group_concat(sql) FROM sqlite_schema", [], |r| r.get::<_, String>(0))
                .unwrap()
        };
        let before = schema(&db);
        migrate(&mut db).unwrap();
        assert_eq!(before, schema(&db));
    }
}
