//! Opening a PostgreSQL database.

use std::net::IpAddr;
use std::str::FromStr;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions, PgSslMode};
use sqlx::{ConnectOptions, PgPool};
use tokio::net::TcpStream;

use super::DatabaseError;
use super::explain::{database, explain, explain_migration, explain_upgrade, newer};
use super::migrations;

/// How long the server may take over a statement that waits for nobody's row.
pub(super) const ANSWER: Duration = Duration::from_secs(5);

/// The same where a row is waited for that another process holds while it asks Zoho for a token.
pub(super) const ROW: Duration = Duration::from_secs(15);

/// How long bringing the schema up to date may take, others who do the same included.
const UPDATE: Duration = Duration::from_secs(60);

/// What a server does not carry out in time, because it hangs or somebody holds a table, is not waited for.
pub(super) async fn on_time<T>(
    limit: Duration,
    statement: impl Future<Output = sqlx::Result<T>>,
) -> sqlx::Result<T> {
    let done = tokio::time::timeout(limit, statement).await;
    done.unwrap_or(Err(sqlx::Error::PoolTimedOut))
}

pub(super) async fn open(url: &SecretString) -> Result<(PgPool, String), DatabaseError> {
    let (pool, label) = open_to_read(url).await?;
    let updated = tokio::time::timeout(UPDATE, update(&pool, &label)).await;
    match updated.unwrap_or_else(|_| Err(explain(&label, &sqlx::Error::PoolTimedOut))) {
        Ok(()) => Ok((pool, label)),
        Err(error) => {
            pool.close().await;
            Err(error)
        }
    }
}

/// A pool on a server that takes connections, and the name it goes by in errors.
pub(super) async fn open_to_read(url: &SecretString) -> Result<(PgPool, String), DatabaseError> {
    let (pool, label) = pool(url)?;
    match reach(&pool.connect_options()).await {
        Ok(()) => Ok((pool, label)),
        Err(error) => Err(explain(&label, &error)),
    }
}

/// Whether anybody listens: a pool takes a refused connection for a server that is starting, and tries in vain until its
/// time is over.
async fn reach(options: &PgConnectOptions) -> sqlx::Result<()> {
    let (host, port) = (options.get_host(), options.get_port());
    if options.get_socket().is_some() || host.starts_with('/') {
        return Ok(());
    }
    let reached = tokio::time::timeout(ANSWER, TcpStream::connect((host, port))).await;
    reached.map_err(|_| sqlx::Error::PoolTimedOut)?.map(drop)?;
    Ok(())
}

fn pool(url: &SecretString) -> Result<(PgPool, String), DatabaseError> {
    let refused = || {
        database(
            "of the URL given",
            "cannot be read".to_owned(),
            "write postgres://user@host:5432/database, and of parameters only those of PostgreSQL; in a password the signs \
             / # ? @ : % are %2F %23 %3F %40 %3A %25",
        )
    };
    let options = PgConnectOptions::from_str(url.expose_secret()).map_err(|_| refused())?;
    // Of `user:12/34@host/name` everything from the stroke on would be the name.
    if options.get_database().is_some_and(|name| name.contains('@')) {
        return Err(refused());
    }
    let options = options.application_name("zoho-mcp").disable_statement_logging();
    let options = match is_elsewhere(&options) && !says_prefer(url.expose_secret()) {
        true => options.ssl_mode(PgSslMode::Require),
        false => options,
    };
    let label = format!(
        "{} on {}:{}",
        options.get_database().unwrap_or_else(|| options.get_username()),
        options.get_host(),
        options.get_port()
    );
    let pool = PgPoolOptions::new()
        .max_connections(10)
        .acquire_timeout(ANSWER)
        .connect_lazy_with(options);
    Ok((pool, label))
}

/// Whether another machine is asked in PostgreSQL's own default: by TLS where it offers some, and with the password in plain
/// text where it, or whoever answers in its place, says it has none.
fn is_elsewhere(options: &PgConnectOptions) -> bool {
    let host = options.get_host().trim_start_matches('[').trim_end_matches(']');
    let is_here = options.get_socket().is_some()
        || host.starts_with('/')
        || host == "localhost"
        || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    !is_here && matches!(options.get_ssl_mode(), PgSslMode::Prefer)
}

/// Whether the URL itself asks for that default.
fn says_prefer(url: &str) -> bool {
    ["sslmode=prefer", "ssl-mode=prefer"]
        .iter()
        .any(|said| url.contains(said))
}

/// Brings the schema up to date; sqlx holds an advisory lock meanwhile.
async fn update(pool: &PgPool, label: &str) -> Result<(), DatabaseError> {
    let migrations = migrations::of("postgres");
    let latest = migrations::latest(&migrations);
    let before = schema(pool, label).await?;
    if before < latest {
        let explain = if before == 0 {
            explain_migration
        } else {
            explain_upgrade
        };
        migrations
            .run(pool)
            .await
            .map_err(|error| explain(label, &error))?;
    }
    let found = schema(pool, label).await?;
    if found > latest {
        Err(newer(label, found))
    } else {
        Ok(())
    }
}

async fn schema(pool: &PgPool, label: &str) -> Result<i64, DatabaseError> {
    let known: bool = sqlx::query_scalar("SELECT to_regclass('_sqlx_migrations') IS NOT NULL")
        .fetch_one(pool)
        .await
        .map_err(|error| explain(label, &error))?;
    if !known {
        return Ok(0);
    }
    sqlx::query_scalar("SELECT COALESCE(MAX(version), 0) FROM _sqlx_migrations")
        .fetch_one(pool)
        .await
        .map_err(|error| explain(label, &error))
}
