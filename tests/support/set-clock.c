/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* A clock that a test sets, for a whole program: LD_PRELOAD this, and name in AHOY_TEST_CLOCK a file of three 64-bit numbers in the machine's own
 * order: microseconds that are added to the time of day, to what counts on while the machine sleeps (CLOCK_BOOTTIME), and to CLOCK_MONOTONIC. The
 * file may be written to at any time; the program sees it at once.
 *
 * It calls the kernel itself, so it does not matter what else stands between the program and its C library: a sanitizer, for one. The kernel's
 * own timers and the times of files know nothing of it. */

#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define NSEC_PER_SEC 1000000000
#define USEC_PER_SEC 1000000

enum {
  DAY,
  BOOT,
  MONOTONIC,
  N_OFFSETS,
};

static const int64_t  none[N_OFFSETS] = { 0 };
static const int64_t *offsets = none;

__attribute__ ((constructor)) static void
map_offsets (void)
{
  const char *path = getenv ("AHOY_TEST_CLOCK");
  int         fd = path != NULL ? open (path, O_RDONLY | O_CLOEXEC) : -1;
  void       *mapped;

  if (fd < 0)
    return;
  mapped = mmap (NULL, sizeof none, PROT_READ, MAP_SHARED, fd, 0);
  close (fd);
  if (mapped != MAP_FAILED)
    offsets = mapped;
}

static void
add (struct timespec *time,
     int              which)
{
  int64_t offset = __atomic_load_n (&offsets[which], __ATOMIC_RELAXED);
  int64_t nsec = time->tv_nsec + offset % USEC_PER_SEC * 1000;

  time->tv_sec += offset / USEC_PER_SEC + nsec / NSEC_PER_SEC;
  nsec %= NSEC_PER_SEC;
  if (nsec < 0)
    {
      time->tv_sec--;
      nsec += NSEC_PER_SEC;
    }
  time->tv_nsec = nsec;
}

int
clock_gettime (clockid_t        clock,
               struct timespec *time)
{
  int result = (int) syscall (SYS_clock_gettime, clock, time);

  if (result != 0)
    return result;
  switch (clock)
    {
    case CLOCK_REALTIME:
    case CLOCK_REALTIME_COARSE:
      add (time, DAY);
      break;
    case CLOCK_BOOTTIME:
      add (time, BOOT);
      break;
    case CLOCK_MONOTONIC:
    case CLOCK_MONOTONIC_COARSE:
    case CLOCK_MONOTONIC_RAW:
      add (time, MONOTONIC);
      break;
    default: /* what a processor has spent */
      break;
    }
  return 0;
}

int
gettimeofday (struct timeval *restrict tv,
              void *restrict zone)
{
  struct timespec now;

  if (clock_gettime (CLOCK_REALTIME, &now) != 0)
    return -1;
  tv->tv_sec = now.tv_sec;
  tv->tv_usec = now.tv_nsec / 1000;
  return 0;
}

time_t
time (time_t *also)
{
  struct timespec now = { 0 };

  clock_gettime (CLOCK_REALTIME, &now);
  if (also != NULL)
    *also = now.tv_sec;
  return now.tv_sec;
}
