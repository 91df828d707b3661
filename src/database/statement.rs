//! One statement and its arguments, for either database.

use futures_util::TryStreamExt as _;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, Either, Encode, Executor, FromRow, IntoArguments, SqlSafeStr as _, SqlStr, Type};

/// A statement with what is bound to its placeholders. Its text is the same for both databases: `$1` is the first argument.
pub(crate) struct Statement {
    sql: SqlStr,
    arguments: Vec<Argument>,
}

/// What tables hold: text, whole numbers, or nothing.
pub(crate) enum Argument {
    Text(Option<String>),
    Integer(Option<i64>),
}

/// What a row of either database can be read as.
pub(crate) trait Record:
    Send + Unpin + for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow>
{
}

impl<T: Send + Unpin + for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow>> Record for T {}

impl Statement {
    /// A statement without arguments yet.
    pub(crate) fn new(sql: &'static str) -> Self {
        Self {
            sql: sql.into_sql_str(),
            arguments: Vec::new(),
        }
    }

    /// The same, with the next placeholder's argument.
    #[must_use]
    pub(crate) fn bind(mut self, argument: impl Into<Argument>) -> Self {
        self.arguments.push(argument.into());
        self
    }

    /// The same, locking the rows it reads in PostgreSQL until the transaction ends.
    pub(super) fn for_update(mut self) -> Self {
        self.sql = AssertSqlSafe(format!("{} FOR UPDATE", self.sql.as_str())).into_sql_str();
        self
    }

    /// Carries it out to its end; the rows it gives, and what it did.
    ///
    /// # Errors
    /// It fails, or the driver ends before it does: SQLx then ends the rows without a word, as if there were no more.
    pub(super) async fn carry_out<'c, DB, T>(
        self,
        executor: impl Executor<'c, Database = DB>,
    ) -> sqlx::Result<(Vec<T>, DB::QueryResult)>
    where
        DB: sqlx::Database,
        T: for<'r> FromRow<'r, DB::Row>,
        DB::Arguments: IntoArguments<DB>,
        Option<String>: for<'t> Encode<'t, DB> + Type<DB>,
        Option<i64>: for<'t> Encode<'t, DB> + Type<DB>,
    {
        let query = sqlx::query(self.sql);
        let query = self
            .arguments
            .into_iter()
            .fold(query, |query, argument| match argument {
                Argument::Text(text) => query.bind(text),
                Argument::Integer(number) => query.bind(number),
            });
        let mut parts = executor.fetch_many(query);
        let (mut rows, mut done) = (Vec::new(), None);
        while let Some(part) = parts.try_next().await? {
            match part {
                Either::Left(what) => done = Some(what),
                Either::Right(row) => rows.push(T::from_row(&row)?),
            }
        }
        done.map(|done| (rows, done)).ok_or(sqlx::Error::WorkerCrashed)
    }

    /// The rows it gives, all of them.
    ///
    /// # Errors
    /// As [`Statement::carry_out`].
    pub(super) async fn rows<'c, DB, T>(
        self,
        executor: impl Executor<'c, Database = DB>,
    ) -> sqlx::Result<Vec<T>>
    where
        DB: sqlx::Database,
        T: for<'r> FromRow<'r, DB::Row>,
        DB::Arguments: IntoArguments<DB>,
        Option<String>: for<'t> Encode<'t, DB> + Type<DB>,
        Option<i64>: for<'t> Encode<'t, DB> + Type<DB>,
    {
        Ok(self.carry_out(executor).await?.0)
    }
}

impl From<&str> for Argument {
    fn from(text: &str) -> Self {
        Self::Text(Some(text.to_owned()))
    }
}

impl From<&String> for Argument {
    fn from(text: &String) -> Self {
        Self::Text(Some(text.clone()))
    }
}

impl From<String> for Argument {
    fn from(text: String) -> Self {
        Self::Text(Some(text))
    }
}

impl From<Option<&str>> for Argument {
    fn from(text: Option<&str>) -> Self {
        Self::Text(text.map(str::to_owned))
    }
}

impl From<Option<String>> for Argument {
    fn from(text: Option<String>) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Argument {
    fn from(number: i64) -> Self {
        Self::Integer(Some(number))
    }
}

impl From<Option<i64>> for Argument {
    fn from(number: Option<i64>) -> Self {
        Self::Integer(number)
    }
}
