// SPDX-License-Identifier: GPL-2.0
#include "message.h"
#include "text.h"

#include <stdarg.h>
#include <stdio.h>

void complain(const char *format, ...)
{
	char text[512], safe[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	text_escape(safe, sizeof(safe), text);
	fprintf(stderr, "xenmod: %s\n", safe);
}
