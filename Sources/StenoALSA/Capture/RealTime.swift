import Glibc

/// Asks the system to serve the capture thread before others, where this user may have that.
enum RealTime {
    /// Above ordinary programs and below the kernel's own threads.
    private static let priority: Int32 = 20
    /// Threads that are made by this one are ordinary ones.
    private static let resetOnFork: Int32 = 0x4000_0000
    /// Locks a page when it is first used, so that memory which is only reserved stays free. Linux 4.4.
    private static let onFault: Int32 = 4

    /// For the calling thread. What is refused is logged, and nothing else.
    static func askForPriority(_ log: (String) -> Void) {
        var parameters = sched_param(sched_priority: self.priority)
        if sched_setscheduler(0, SCHED_FIFO | self.resetOnFork, &parameters) != 0 {
            log("capture runs without real-time priority: this user may not have it")
        }
    }

    /// For the whole process.
    static func askForLockedMemory(_ log: (String) -> Void) {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(__RLIMIT_MEMLOCK.rawValue), &limit)
        // Under a limit, later allocations would fail when it is reached: worse than a page that was swapped out.
        guard limit.rlim_cur == rlim_t.max || geteuid() == 0 else {
            return log("memory is not locked: this user may lock only a part of it")
        }
        if mlockall(Int32(MCL_CURRENT) | Int32(MCL_FUTURE) | self.onFault) != 0 {
            log("memory is not locked: errno \(errno)")
        }
    }
}
