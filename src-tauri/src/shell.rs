//! What the shell holds between commands: the counter, the open key, the wish to stop.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};

use saoy_core::app::App;
use saoy_core::app::clerks::Right;
use saoy_core::app::contract::{
    CoreError, DropTarget, ErrorKind, LOOSE, Landing, LockReason, Progress, Spot, Stale, StatusView, Target,
    Work, stale_after,
};
use saoy_core::app::progress::Watch;
use saoy_core::app::session::Session;
use saoy_core::isolate::ReaderCommand;
use tauri::{AppHandle, Emitter as _};

/// Shared by all commands.
#[derive(Debug, Clone)]
pub struct Shell(Arc<Held>);

#[derive(Debug)]
struct Held {
    app: OnceLock<App>,
    /// Held by whoever opens it: what a crash left is swept away once, before any work.
    opening: Mutex<()>,
    session: Mutex<Option<Arc<Session>>>,
    locked_because: Slot<Option<LockReason>>,
    works: Works,
    target: Slot<DropTarget>,
    previewed: Slot<Option<PathBuf>>,
    asked: Slot<Option<PathBuf>>,
    offered: Slot<Option<PathBuf>>,
    verified: Slot<Option<PathBuf>>,
    scans_folder: Slot<Option<PathBuf>>,
}

/// A value that commands leave for each other.
#[derive(Debug, Default)]
struct Slot<T>(Mutex<T>);

impl<T: Clone> Slot<T> {
    fn get(&self) -> T {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, value: T) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = value;
    }
}

/// Work that runs, and can be told to stop.
#[derive(Debug)]
pub struct Run(Arc<AtomicBool>);

/// Work of one kind that runs.
type Running = Mutex<Vec<Weak<AtomicBool>>>;

#[derive(Debug, Default)]
struct Works {
    arrival: Running,
    review: Running,
    backup: Running,
    lasting: Running,
}

impl Works {
    fn of(&self, work: Work) -> &Running {
        match work {
            Work::Arrival => &self.arrival,
            Work::Review => &self.review,
            Work::Backup => &self.backup,
            Work::Lasting => &self.lasting,
        }
    }
}

impl Shell {
    /// Nothing is open yet.
    pub fn new() -> Self {
        Self(Arc::new(Held {
            app: OnceLock::new(),
            opening: Mutex::default(),
            session: Mutex::new(None),
            locked_because: Slot::default(),
            works: Works::default(),
            target: Slot(Mutex::new(DropTarget {
                target: Target::Pages,
                landing: Landing::from(Spot { desk: LOOSE.to_owned(), place: 0 }),
            })),
            previewed: Slot::default(),
            asked: Slot::default(),
            offered: Slot::default(),
            verified: Slot::default(),
            scans_folder: Slot::default(),
        }))
    }

    /// The counter of the environment. Where it cannot be opened, it is tried again the next time: somebody may have
    /// mended what was wrong.
    ///
    /// # Errors
    /// [`ErrorKind::BadSettings`], [`ErrorKind::NotReady`] where no folder is known, those of the disk.
    pub fn app(&self) -> Result<&App, CoreError> {
        match self.0.app.get() {
            Some(app) => Ok(app),
            None => {
                let _alone = self.0.opening.lock().unwrap_or_else(PoisonError::into_inner);
                match self.0.app.get() {
                    Some(app) => Ok(app),
                    None => {
                        let app = counter()?;
                        Ok(self.0.app.get_or_init(|| app))
                    }
                }
            }
        }
    }

    /// The open key.
    pub fn session(&self) -> Option<Arc<Session>> {
        let mut held = self.0.session.lock().unwrap_or_else(PoisonError::into_inner);
        // However the window fares: an overdue key is not handed out.
        if let Some(why) = held.as_ref().and_then(|session| self.app().ok()?.must_lock(session)) {
            *held = None;
            self.0.locked_because.set(Some(why));
        }
        held.clone()
    }

    /// The status line, with why the key locked itself.
    pub fn status(&self) -> Result<StatusView, CoreError> {
        let session = self.session();
        let why = self.0.locked_because.get();
        let status = self.app()?.status(session.as_deref())?;
        Ok(StatusView { locked_because: why.filter(|_| session.is_none()), ..status })
    }

    /// The open key, for what cannot be done without.
    pub fn open_key(&self) -> Result<Arc<Session>, CoreError> {
        self.session().ok_or_else(|| ErrorKind::Locked.into())
    }

    /// Folder of the office's authority, for an administrator.
    pub fn managed_authority(&self) -> Result<(Arc<Session>, PathBuf), CoreError> {
        let session = self.open_key()?;
        session.may(Right::Manage)?;
        Ok((session, self.app()?.authority_folder(None)?))
    }

    /// Opens or locks.
    pub fn set_session(&self, session: Option<Session>) {
        self.0.locked_because.set(None);
        *self.0.session.lock().unwrap_or_else(PoisonError::into_inner) = session.map(Arc::new);
    }

    /// What dropped files are for.
    pub fn target(&self) -> DropTarget {
        self.0.target.get()
    }

    /// Says what dropped files are for.
    pub fn set_target(&self, target: DropTarget) {
        self.0.target.set(target);
    }

    /// The catalogue file the clerk looked at last.
    pub fn previewed(&self) -> Option<PathBuf> {
        self.0.previewed.get()
    }

    /// Keeps the path of a catalogue file on this side of the window.
    pub fn set_previewed(&self, file: PathBuf) {
        self.0.previewed.set(Some(file));
    }

    /// The file of whom to trust that was looked at last.
    pub fn offered(&self) -> Option<PathBuf> {
        self.0.offered.get()
    }

    /// Keeps its path on this side of the window.
    pub fn set_offered(&self, file: PathBuf) {
        self.0.offered.set(Some(file));
    }

    /// The request for a certificate that was looked at last.
    pub fn asked(&self) -> Option<PathBuf> {
        self.0.asked.get()
    }

    /// Keeps its path on this side of the window.
    pub fn set_asked(&self, file: PathBuf) {
        self.0.asked.set(Some(file));
    }

    /// The file of a copy; without one, the file that was chosen or dropped last to be verified.
    pub fn judged(&self, record: Option<&str>) -> Result<PathBuf, CoreError> {
        match record {
            Some(record) => self.app()?.copy_file(record),
            None => {
                let file = self.0.verified.get();
                file.ok_or_else(|| ErrorKind::NotFound.into())
            }
        }
    }

    /// Keeps the path of a verified file on this side of the window.
    pub fn set_verified(&self, file: PathBuf) {
        self.0.verified.set(Some(file));
    }

    /// Where the clerk took scans from last.
    pub fn scans_folder(&self) -> Option<PathBuf> {
        self.0.scans_folder.get().or_else(|| scans_beside(self.app().ok()?.home()))
    }

    /// Remembers where the clerk took scans from.
    pub fn set_scans_folder(&self, folder: PathBuf) {
        self.0.scans_folder.set(Some(folder));
    }

    /// Work begins: from now on it can be stopped. Called before its thread starts, so that no wish to stop is lost.
    pub fn begin(&self, work: Work) -> Run {
        let run = Arc::new(AtomicBool::new(false));
        let mut running = self.0.works.of(work).lock().unwrap_or_else(PoisonError::into_inner);
        running.retain(|one| one.strong_count() > 0);
        running.push(Arc::downgrade(&run));
        Run(run)
    }

    /// Asks all running work of a kind to stop.
    pub fn cancel(&self, work: Work) {
        let running = self.0.works.of(work).lock().unwrap_or_else(PoisonError::into_inner);
        for run in running.iter().filter_map(Weak::upgrade) {
            run.store(true, Ordering::Relaxed);
        }
    }

    /// Runs work that tells its progress to the window and can be stopped.
    pub fn watched<T>(&self, window: &AppHandle, run: &Run, work: impl FnOnce(&Watch<'_>) -> T) -> T {
        let tell = |progress: Progress| {
            // A window that is closing hears nothing; the work is not worse for it.
            _ = window.emit("progress", progress);
        };
        work(&Watch::new(&tell, &run.0))
    }

    /// Runs a command off the window's thread, and tells the window what it made stale.
    pub async fn run<T: Send + 'static>(
        &self,
        window: AppHandle,
        name: &'static str,
        work: impl FnOnce(&Self, &AppHandle) -> Result<T, CoreError> + Send + 'static,
    ) -> Result<T, CoreError> {
        let shell = self.clone();
        let reply = tauri::async_runtime::spawn_blocking(move || {
            let reply = work(&shell, &window)?;
            stale(&window, name);
            Ok(reply)
        });
        reply.await.map_err(|e| CoreError::new(ErrorKind::Internal).with("detail", e))?
    }
}

/// The counter of the environment.
fn counter() -> Result<App, CoreError> {
    let home = saoy_core::default_home(&|name| std::env::var_os(name)).ok_or(ErrorKind::NotReady)?;
    let reader = ReaderCommand { program: std::env::current_exe()?, arguments: vec![crate::READER.into()] };
    // The system's own dialog asks before a file is replaced.
    let app = App::at(&home, reader)?.replacing(true);
    // No counter yet, or one that needs telling: whoever asks for it next is told.
    _ = app.sweep();
    Ok(app)
}

/// Folder of scans a counter begins with: the one beside its own (`make run` fills it on a training
/// counter), else what the system shows first.
fn scans_beside(home: &Path) -> Option<PathBuf> {
    let mut name = home.as_os_str().to_owned();
    name.push("-scans");
    let folder = PathBuf::from(name);
    folder.is_dir().then_some(folder)
}

/// Tells the window what to read again after a command.
pub fn stale(window: &AppHandle, name: &str) {
    let tags = stale_after(name).to_vec();
    if !tags.is_empty() {
        // As above: nobody is left to tell.
        _ = window.emit("stale", Stale { tags });
    }
}
