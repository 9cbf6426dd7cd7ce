/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* A disk that turns read-only under a program that has its files open, as one does that the kernel has found faulty: LD_PRELOAD this, and name in
 * AHOY_TEST_READ_ONLY a file. As long as that is there, no regular file can be written to but standard output and error. (An orderly remount is refused while files are open.)
 *
 * It calls the kernel itself, so it does not matter what else stands between the program and its C library. */

#define _GNU_SOURCE
#undef _FILE_OFFSET_BITS /* both names of each call are meant */

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static int
is_held (int fd)
{
  const char *path = getenv ("AHOY_TEST_READ_ONLY");
  int         before = errno;
  struct stat info;
  int         held = fd > STDERR_FILENO && path != NULL && access (path, F_OK) == 0 && fstat (fd, &info) == 0 && S_ISREG (info.st_mode);

  errno = held ? EROFS : before;
  return held;
}

ssize_t
write (int         fd,
       const void *bytes,
       size_t      n)
{
  return is_held (fd) ? -1 : syscall (SYS_write, fd, bytes, n);
}

ssize_t
pwrite64 (int         fd,
          const void *bytes,
          size_t      n,
          off64_t     offset)
{
  return is_held (fd) ? -1 : syscall (SYS_pwrite64, fd, bytes, n, offset);
}

int
ftruncate64 (int     fd,
             off64_t size)
{
  return is_held (fd) ? -1 : (int) syscall (SYS_ftruncate, fd, size);
}

ssize_t
pwrite (int         fd,
        const void *bytes,
        size_t      n,
        off_t       offset)
{
  return pwrite64 (fd, bytes, n, offset);
}

int
ftruncate (int   fd,
           off_t size)
{
  return ftruncate64 (fd, size);
}
