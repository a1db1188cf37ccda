/* Replaces the system's resolver in a process (LD_PRELOAD) for names under .test, a domain reserved for tests (RFC 6761). The
   first word of the file SCRIPTED_NAMES says how they resolve; all other names go to the system. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef int (*resolver)(const char *, const char *, const struct addrinfo *, struct addrinfo **);

int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **found) {
    resolver system = (resolver)dlsym(RTLD_NEXT, "getaddrinfo");
    size_t length = name ? strlen(name) : 0;
    if (length < 5 || strcmp(name + length - 5, ".test") != 0) {
        return system(name, service, hints, found);
    }
    char word[32] = "";
    FILE *script = fopen(getenv("SCRIPTED_NAMES"), "r");
    if (!script || fscanf(script, "%31s", word) != 1) {
        abort();
    }
    fclose(script);
    if (strcmp(word, "unknown") == 0) {
        return EAI_NONAME;
    }
    if (strcmp(word, "failure") == 0) {
        return EAI_AGAIN;
    }
    if (strcmp(word, "silent") == 0) {
        for (;;) {
            pause();
        }
    }
    if (strcmp(word, "slow") == 0) {
        usleep(700 * 1000);
    }
    return system("127.0.0.1", service, hints, found);
}
