//! What belongs to one call and to nobody else: who calls, through which connection, whom it can tell, when it is.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use serde_json::Value;
use tokio::sync::OnceCell;

use super::equipment::Equipment;
use super::error::{Code, ToolError};
use super::modules::Subject;
use super::output::Answer;
use super::person::Person;
use super::question::{Carried, Question};
use super::settings::fields::{Field, list_of};
use super::unread::Unread;
use crate::connections::{Caller, Connection, ConnectionError, Product};
use crate::zoho::Session;

/// Who calls: handed in by the transport with every message, never an argument.
#[derive(Debug, Clone)]
pub struct Principal {
    /// Whose connections are used.
    pub caller: Caller,
    /// The connection meant when a call names none.
    pub connection: Option<String>,
}

/// What is asked for once a call, by whoever asks first; a failure is the same for all who ask.
type Once<T> = OnceCell<Result<T, ToolError>>;

/// One call on its way through the rooms.
pub struct Invocation<'a> {
    equipment: &'a Equipment,
    principal: &'a Principal,
    named: Option<String>,
    connection: Once<Connection>,
    desk: Once<Session>,
    crm: Once<Session>,
    person: &'a dyn Person,
    now: Timestamp,
    unread: Unread,
    /// What the call brings back of the question about its act.
    carried: Option<Carried<'a>>,
    /// The question that a later call answers, with its state.
    open: Mutex<Option<(Question, String)>>,
}

impl<'a> Invocation<'a> {
    /// A call of this principal that has asked for nothing yet; `connection` is the one its arguments name.
    pub(super) fn new(
        equipment: &'a Equipment,
        principal: &'a Principal,
        connection: Option<&Value>,
        person: &'a dyn Person,
    ) -> Self {
        let named = connection.and_then(Value::as_str).map(str::to_owned);
        Invocation {
            equipment,
            principal,
            named: named.or_else(|| principal.connection.clone()),
            connection: OnceCell::new(),
            desk: OnceCell::new(),
            crm: OnceCell::new(),
            person,
            now: Timestamp::from_second(equipment.clock.now()).unwrap_or_default(),
            unread: Unread::default(),
            carried: None,
            open: Mutex::default(),
        }
    }

    /// The same, of a call that brings back what a person said of its act.
    pub(super) fn carrying(mut self, carried: Option<Carried<'a>>) -> Self {
        self.carried = carried;
        self
    }

    /// What the call brings back of the question about its act.
    pub(in crate::tools) fn carried(&self) -> Option<Carried<'a>> {
        self.carried
    }

    /// Has the call end in a question that a later one answers.
    pub(in crate::tools) fn leave_open(&self, question: Question, state: String) {
        *self.open.lock().unwrap_or_else(PoisonError::into_inner) = Some((question, state));
    }

    /// The question that the call ends in.
    pub(super) fn take_open(&self) -> Option<(Question, String)> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// The session with a product, the same from the first look-up to the last request: the connection's row is read and
    /// opened once, its token is fresh, and the organization found is kept to.
    ///
    /// # Errors
    /// There is no connection, it cannot be used, or its organization cannot be found.
    pub async fn session(&self, product: Product) -> Result<&Session, ToolError> {
        let open = async || {
            let connection = self.connection().await?.clone();
            let session = self.equipment.zoho.session(connection, product).await?;
            Ok(session.bound())
        };
        let session = self.opened(product).get_or_init(open).await;
        session.as_ref().map_err(Clone::clone)
    }

    /// A session of its own whose organization nobody looked for: for calls that ask which there are.
    ///
    /// # Errors
    /// There is no connection, or it cannot be used.
    pub async fn without_organization(&self, product: Product) -> Result<Session, ToolError> {
        let connection = self.connection().await?.clone();
        Ok(self.equipment.zoho.open(connection, product)?)
    }

    /// Whether the connection went on to another organization or consent meanwhile: what was looked up before means
    /// nothing there.
    pub(in crate::tools) fn was_moved(&self) -> bool {
        let sessions = [Product::Desk, Product::Crm].map(|product| self.opened(product).get());
        let mut opened = sessions.into_iter().flatten().flatten();
        opened.any(Session::was_moved)
    }

    /// The connection the call goes through, where its arguments or the caller name one.
    pub(super) fn connection_name(&self) -> Option<&str> {
        self.named.as_deref()
    }

    /// The connection the call has gone through, where it has needed one and there is one.
    pub(super) fn connection_used(&self) -> Option<&str> {
        let found = self.connection.get()?.as_ref().ok()?;
        Some(&found.name)
    }

    /// The answer without the secrets it was asked with: cleaning a text may have put one together that Zoho's own answer
    /// did not show.
    pub(super) fn mask_secrets(&self, mut answer: Answer) -> Answer {
        let sessions = [Product::Desk, Product::Crm].map(|product| self.opened(product).get());
        for session in sessions.into_iter().flatten().flatten() {
            session.hide_secrets(answer.body.values_mut());
        }
        answer
    }

    /// The fields of a module, and whether they are as good as asked for only now; what could not be read once is not asked
    /// for again.
    ///
    /// # Errors
    /// Zoho refused the list.
    pub(super) async fn fields(
        &self,
        session: &Session,
        subject: &Subject,
        anew: bool,
    ) -> Result<(Arc<Vec<Field>>, bool), ToolError> {
        let (known, list) = (&self.equipment.settings.fields, list_of(subject));
        if let Some(failure) = self.unread.failure(subject.product, &list) {
            let kept = known.recall(session, subject);
            return kept.map(|fields| (fields, true)).ok_or(failure);
        }
        let read = known.of(session, subject, anew).await;
        read.inspect_err(|failure| self.unread.add(subject.product, &list, failure, None))
    }

    /// Has what follows from unread fields told in the answer.
    pub(super) fn miss_fields(&self, subject: &Subject, failure: &ToolError, follows: &str) {
        let list = list_of(subject);
        self.unread.add(subject.product, &list, failure, Some(follows));
    }

    /// What could not be read meanwhile.
    pub(super) fn unread(&self) -> &Unread {
        &self.unread
    }

    /// The person the call is made for.
    pub fn person(&self) -> &dyn Person {
        self.person
    }

    /// When the call came: all of it happens then.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// Whose rows the call may see.
    pub fn caller(&self) -> &Caller {
        &self.principal.caller
    }

    /// Who calls.
    pub(super) fn principal(&self) -> &Principal {
        self.principal
    }

    /// What every call works with.
    pub(super) fn equipment(&self) -> &'a Equipment {
        self.equipment
    }

    async fn connection(&self) -> Result<&Connection, ToolError> {
        let (connections, caller) = (&self.equipment.connections, &self.principal.caller);
        let resolve = async || {
            let resolved = connections.resolve(caller, self.named.as_deref()).await;
            resolved.map_err(|error| self.explain(error))
        };
        self.connection
            .get_or_init(resolve)
            .await
            .as_ref()
            .map_err(Clone::clone)
    }

    /// Why there is no connection: a name that no argument holds is nothing the model can put right.
    fn explain(&self, error: ConnectionError) -> ToolError {
        let is_setting = self.named.is_some() && self.named == self.principal.connection;
        match error {
            ConnectionError::UnknownConnection { name, names } if is_setting => ToolError::new(
                Code::NoConnection,
                format!(
                    "There is no connection named `{name}`, which a setting of this server names (--connection, \
                     ZOHO_MCP_CONNECTION or `connection` in config.toml); the connections of this user are: {}.",
                    names.join(", ")
                ),
                "Ask the user to correct that setting, or name one of these in the argument `connection`.",
            ),
            error => error.into(),
        }
    }

    fn opened(&self, product: Product) -> &Once<Session> {
        match product {
            Product::Desk => &self.desk,
            Product::Crm => &self.crm,
        }
    }
}
