// SPDX-License-Identifier: MIT
#pragma once

// The part of kqueue(2) that the library uses, for a system that has none: kqueue_double.cpp plays
// it over epoll. The numbers are those of FreeBSD and of macOS.

#include <stdint.h>
#include <time.h>

struct kevent {
  uintptr_t ident;
  int16_t filter;
  uint16_t flags;
  uint32_t fflags;
  intptr_t data;
  void* udata;
};

inline constexpr int16_t EVFILT_READ = -1;
inline constexpr int16_t EVFILT_WRITE = -2;

inline constexpr uint16_t EV_ADD = 0x0001;
inline constexpr uint16_t EV_DELETE = 0x0002;
inline constexpr uint16_t EV_ENABLE = 0x0004;
inline constexpr uint16_t EV_CLEAR = 0x0020;
inline constexpr uint16_t EV_RECEIPT = 0x0040;
inline constexpr uint16_t EV_ERROR = 0x4000;
inline constexpr uint16_t EV_EOF = 0x8000;

int kqueue() noexcept;
int kevent(int kqueue, const struct kevent* changes, int change_count, struct kevent* events,
           int event_count, const timespec* timeout) noexcept;
