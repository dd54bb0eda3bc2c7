/* Times cblas_sgemm. Reads lines "m n k calls" and answers each with the seconds that one
 * of so many calls of C = A*B takes, after one to warm up. The environment variable
 * OPENBLAS_NUM_THREADS sets the threads. */
#include <cblas.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double now(void) {
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + 1e-9 * t.tv_nsec;
}

static float *matrix(size_t n) {
	float *x = aligned_alloc(64, (n * sizeof *x + 63) / 64 * 64);
	if (!x)
		exit(1);
	for (size_t i = 0; i < n; i++)
		x[i] = (float)(i * 7 % 13) - 6;
	return x;
}

int main(void) {
	int m, n, k, calls;
	while (scanf("%d %d %d %d", &m, &n, &k, &calls) == 4) {
		float *a = matrix((size_t)m * k), *b = matrix((size_t)k * n), *c = matrix((size_t)m * n);
		double start = 0;
		for (int i = 0; i <= calls; i++) {
			if (i == 1)
				start = now();
			cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, m, n, k, 1, a, k, b, n, 0, c, n);
		}
		printf("%.9f\n", (now() - start) / calls);
		fflush(stdout);
		free(a), free(b), free(c);
	}
	return 0;
}
