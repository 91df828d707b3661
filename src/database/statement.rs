//! One statement and its arguments, for either database.

use sqlx::postgres::PgRow;
use sqlx::query::{Query, QueryAs};
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, Encode, FromRow, IntoArguments, SqlSafeStr as _, SqlStr, Type};

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

    pub(super) fn query<DB: sqlx::Database>(self) -> Query<'static, DB, DB::Arguments>
    where
        Option<String>: for<'t> Encode<'t, DB> + Type<DB>,
        Option<i64>: for<'t> Encode<'t, DB> + Type<DB>,
    {
        let query = sqlx::query(self.sql);
        self.arguments
            .into_iter()
            .fold(query, |query, argument| match argument {
                Argument::Text(text) => query.bind(text),
                Argument::Integer(number) => query.bind(number),
            })
    }

    pub(super) fn query_as<DB: sqlx::Database, T>(self) -> QueryAs<'static, DB, T, DB::Arguments>
    where
        T: for<'r> FromRow<'r, DB::Row>,
        DB::Arguments: IntoArguments<DB>,
        Option<String>: for<'t> Encode<'t, DB> + Type<DB>,
        Option<i64>: for<'t> Encode<'t, DB> + Type<DB>,
    {
        let query = sqlx::query_as(self.sql);
        self.arguments
            .into_iter()
            .fold(query, |query, argument| match argument {
                Argument::Text(text) => query.bind(text),
                Argument::Integer(number) => query.bind(number),
            })
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
