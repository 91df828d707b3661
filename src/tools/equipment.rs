//! What calls work with, whoever makes them: the table of connections, the way to Zoho, and what has been learnt there.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use std::{io, process};

use tokio::sync::Semaphore;

use super::catalog::{Catalog, CatalogError, Selection};
use super::mending::Wording;
use super::settings::Settings;
use super::shown::Unread;
use super::under_way::UnderWay;
use super::zone::Zones;
use crate::clock::Clock;
use crate::connections::Connections;
use crate::ledger::{Ledger, UNDO_HOURS};
use crate::zoho::ZohoClient;
use crate::zoho::oauth::OAuthClient;

/// Nothing in it is opened before the first call that uses it.
pub struct Equipment {
    pub(super) connections: Arc<Connections>,
    pub(super) ledger: Arc<Ledger>,
    pub(super) zoho: ZohoClient,
    pub(super) clock: Clock,
    pub(super) oauth_client: Option<OAuthClient>,
    pub(super) zones: Zones,
    pub(super) files: Option<PathBuf>,
    pub(super) settings: Settings,
    pub(super) wording: Wording,
    pub(super) program: Option<Box<StartProgram>>,
    /// How long a call waits for a person's consent.
    pub(super) consent_hold: Duration,
    /// Records that one act changes at most.
    pub(super) bulk_limit: usize,
    /// Questions that nobody can have read yet.
    pub(super) unread: Unread,
    /// Acts that are being sent.
    pub(super) under_way: Arc<UnderWay>,
    /// Documents that are read at once.
    pub(super) documents: Semaphore,
    selection: Selection,
    read_catalog: Box<ReadCatalog>,
    catalog: OnceLock<Catalog>,
}

/// This program once more, without the secrets of its environment.
type StartProgram = dyn Fn() -> io::Result<process::Command> + Send + Sync;

/// Each is read by a process of its own, which may take much memory.
const DOCUMENTS_AT_ONCE: usize = 2;

/// How long a call waits for a person's consent in all: many clients give a call up after a minute, and then nobody hears how
/// it ended.
pub const CONSENT_HOLD: Duration = Duration::from_secs(45);

/// Records that one act changes at most, unless the operator says another number: as many as a person reads the names of.
pub const BULK_LIMIT: usize = 25;

/// Makes the catalog of what the operator offers.
type ReadCatalog = dyn Fn(&Selection) -> Result<Catalog, CatalogError> + Send + Sync;

impl Equipment {
    /// The rows of `zoho_connections`, the way to Zoho and the clock they go by.
    pub fn new(connections: Arc<Connections>, zoho: ZohoClient, clock: Clock) -> Self {
        Equipment {
            ledger: Arc::new(Ledger::new(Arc::clone(&connections))),
            connections,
            zoho,
            oauth_client: None,
            zones: Zones::default(),
            files: None,
            settings: Settings::new(&clock),
            wording: Wording::default(),
            program: None,
            consent_hold: CONSENT_HOLD,
            bulk_limit: BULK_LIMIT,
            unread: Unread::default(),
            under_way: Arc::default(),
            documents: Semaphore::new(DOCUMENTS_AT_ONCE),
            clock,
            selection: Selection::default(),
            read_catalog: Box::new(Catalog::embedded),
            catalog: OnceLock::new(),
        }
    }

    /// With the client that consents are asked with where a connection brings none of its own.
    #[must_use]
    pub fn with_oauth_client(mut self, client: Option<OAuthClient>) -> Self {
        self.oauth_client = client;
        self
    }

    /// With the zones that days in arguments are read in.
    #[must_use]
    pub fn with_zones(mut self, zones: Zones) -> Self {
        self.zones = zones;
        self
    }

    /// With the tools the operator offers.
    #[must_use]
    pub fn with_selection(mut self, selection: Selection) -> Self {
        self.selection = selection;
        self
    }

    /// With other tools than those of the embedded files, read when they are first needed.
    #[must_use]
    pub fn with_catalog(
        mut self,
        read: impl Fn(&Selection) -> Result<Catalog, CatalogError> + Send + Sync + 'static,
    ) -> Self {
        self.read_catalog = Box::new(read);
        self
    }

    /// With the one directory files may be written to.
    #[must_use]
    pub fn with_files(mut self, directory: Option<PathBuf>) -> Self {
        self.files = directory;
        self
    }

    /// With the most records that one act changes.
    #[must_use]
    pub fn with_bulk_limit(mut self, most: usize) -> Self {
        self.bulk_limit = most;
        self
    }

    /// With other hours that what was there before a change is kept than [`UNDO_HOURS`].
    #[must_use]
    pub fn with_undo_hours(mut self, hours: Option<u16>) -> Self {
        let ledger = Ledger::new(Arc::clone(&self.connections));
        self.ledger = Arc::new(ledger.keeping(hours.unwrap_or(UNDO_HOURS)));
        self
    }

    /// With a way to start this program once more, for work that may end the process that does it.
    #[must_use]
    pub fn with_program(
        mut self,
        start: impl Fn() -> io::Result<process::Command> + Send + Sync + 'static,
    ) -> Self {
        self.program = Some(Box::new(start));
        self
    }

    /// With another time that a call waits for a person's consent than [`CONSENT_HOLD`].
    #[must_use]
    pub fn with_consent_hold(mut self, hold: Duration) -> Self {
        self.consent_hold = hold;
        self
    }

    /// With how commands are written for whoever speaks with the person.
    #[must_use]
    pub fn with_wording(mut self, wording: Wording) -> Self {
        self.wording = wording;
        self
    }

    /// The tools offered.
    ///
    /// # Errors
    /// A broken tool file, or an unknown name in the operator's selection.
    pub(super) fn catalog(&self) -> Result<&Catalog, CatalogError> {
        if let Some(catalog) = self.catalog.get() {
            return Ok(catalog);
        }
        let catalog = (self.read_catalog)(&self.selection)?;
        Ok(self.catalog.get_or_init(|| catalog))
    }
}
